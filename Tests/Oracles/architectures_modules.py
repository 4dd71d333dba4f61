"""Networks written out here: what people write themselves rather than take from a library."""

import torch
from architectures_kit import Architecture, Input, image
from torch import nn
from torch.nn import functional


def convolutions(*channels, norm=nn.BatchNorm2d, activation=nn.ReLU):
    """3 × 3 convolutions from each number of channels to the next, each normed and activated."""
    layers = []
    for before, after in zip(channels, channels[1:]):
        layers += [nn.Conv2d(before, after, 3, padding=1), norm(after), activation()]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Two steps down and two up; features of the way down are joined to those of the way up."""

    def __init__(self, upsample):
        super().__init__()
        self.down = nn.ModuleList([convolutions(3, 8, 8), convolutions(8, 16, 16)])
        self.bottom = convolutions(16, 32, 32)
        if upsample == "transposed":
            self.grow = nn.ModuleList([nn.ConvTranspose2d(32, 16, 2, 2), nn.ConvTranspose2d(16, 8, 2, 2)])
        else:
            self.grow = nn.ModuleList(
                nn.Sequential(nn.Upsample(scale_factor=2, mode=upsample), nn.Conv2d(wide, wide // 2, 1)) for wide in (32, 16)
            )
        self.up = nn.ModuleList([convolutions(32, 16), convolutions(16, 8)])
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        kept = []
        for block in self.down:
            kept.append(block(x))
            x = functional.max_pool2d(kept[-1], 2)
        x = self.bottom(x)
        for grow, block in zip(self.grow, self.up):
            x = block(torch.cat([grow(x), kept.pop()], dim=1))
        return self.head(x)


class DiffusionBlock(nn.Module):
    """A residual block of a diffusion model: sinusoids of the time shift its features, and attention follows."""

    def __init__(self, width=16, time=32):
        super().__init__()
        self.frequencies = nn.Buffer(torch.exp(torch.linspace(0, -6, time // 2)))
        self.embed = nn.Sequential(nn.Linear(time, time), nn.SiLU(), nn.Linear(time, width))
        self.first = nn.Sequential(nn.GroupNorm(4, width), nn.SiLU(), nn.Conv2d(width, width, 3, padding=1))
        self.second = nn.Sequential(nn.GroupNorm(4, width), nn.SiLU(), nn.Conv2d(width, width, 3, padding=1))
        self.norm = nn.GroupNorm(4, width)
        self.attention = nn.MultiheadAttention(width, 2, batch_first=True)

    def forward(self, x, time):
        angles = time[:, None].float() * self.frequencies
        shift = self.embed(torch.cat([angles.sin(), angles.cos()], dim=1))
        x = x + self.second(self.first(x) + shift[:, :, None, None])
        pixels = self.norm(x).flatten(2).transpose(1, 2)
        mixed, _ = self.attention(pixels, pixels, pixels, need_weights=False)
        return x + mixed.transpose(1, 2).reshape(x.shape)


class Recurrent(nn.Module):
    """A classifier of sequences of words: a recurrent layer and a head on its last state."""

    def __init__(self, layer, **options):
        super().__init__()
        self.embedding = nn.Embedding(100, 16)
        self.layer = layer(16, 24, batch_first=True, **options)
        self.head = nn.Linear(24 * (2 if options.get("bidirectional") else 1), 5)

    def forward(self, words):
        states, _ = self.layer(self.embedding(words))
        return self.head(states[:, -1])


class Series(nn.Module):
    """A recurrent forecaster: a vector at each time in, its next values out."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer(6, 24, num_layers=2, batch_first=True)
        self.head = nn.Linear(24, 6)

    def forward(self, series):
        states, _ = self.layer(series)
        return self.head(states)


class GraphConvolutions(nn.Module):
    """A graph convolutional network on a dense adjacency matrix."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(10, 16), nn.Linear(16, 16), nn.Linear(16, 4)])

    def forward(self, features, adjacency):
        adjacency = adjacency.abs() + torch.eye(adjacency.shape[0])
        scale = adjacency.sum(dim=1).rsqrt()
        adjacency = scale[:, None] * adjacency * scale[None, :]
        for layer in self.layers[:-1]:
            features = torch.relu(adjacency @ layer(features))
        return functional.log_softmax(adjacency @ self.layers[-1](features), dim=1)


class GraphAttention(nn.Module):
    """A graph attention layer: neighbours weighed by a softmax over those that the mask lets through."""

    def __init__(self):
        super().__init__()
        self.project = nn.Linear(10, 16, bias=False)
        self.source, self.target = nn.Linear(16, 1), nn.Linear(16, 1)

    def forward(self, features, mask):
        hidden = self.project(features)
        scores = functional.leaky_relu(self.source(hidden) + self.target(hidden).T, 0.2)
        scores = scores.masked_fill(mask == 0, -1e4)
        return functional.elu(torch.softmax(scores, dim=1) @ hidden)


class Recommender(nn.Module):
    """DLRM: embeddings of categories and a vector of numbers, all products of two of them, and a network on top."""

    def __init__(self, tables=4, width=8):
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(50, width) for _ in range(tables))
        self.bottom = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, width), nn.ReLU())
        pairs = torch.tril_indices(tables + 1, tables + 1, -1)
        self.rows, self.columns = nn.Buffer(pairs[0]), nn.Buffer(pairs[1])
        self.top = nn.Sequential(nn.Linear(width + pairs.shape[1], 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())

    def forward(self, numbers, categories):
        dense = self.bottom(numbers)
        vectors = torch.stack([dense] + [table(categories[:, i]) for i, table in enumerate(self.tables)], dim=1)
        products = torch.bmm(vectors, vectors.transpose(1, 2))[:, self.rows, self.columns]
        return self.top(torch.cat([dense, products], dim=1))


class TwoTowers(nn.Module):
    """Matrix factorization: the product of a user's and an item's factors, and their biases."""

    def __init__(self):
        super().__init__()
        self.users, self.items = nn.Embedding(60, 12), nn.Embedding(80, 12)
        self.user_bias, self.item_bias = nn.Embedding(60, 1), nn.Embedding(80, 1)

    def forward(self, user, item):
        product = (self.users(user) * self.items(item)).sum(dim=1)
        return product + self.user_bias(user).squeeze(1) + self.item_bias(item).squeeze(1)


class TemporalConvolutions(nn.Module):
    """A TCN: dilated causal convolutions over time with residuals; the padding at the end is cut off."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.Conv1d(before, 16, 3, padding=2 * wide, dilation=wide) for before, wide in ((6, 1), (16, 2), (16, 4))
        )
        self.skip = nn.Conv1d(6, 16, 1)
        self.head = nn.Linear(16, 3)

    def forward(self, series):
        x = self.skip(series)
        for block, source in zip(self.blocks, (series, None, None)):
            grown = block(x if source is None else source)
            x = torch.relu(x + grown[:, :, : series.shape[2]])
        return self.head(x.mean(dim=2))


class Detector(nn.Module):
    """A YOLO-like network: a backbone and a head whose boxes are decoded on a grid."""

    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(
            convolutions(3, 8, activation=nn.SiLU), nn.MaxPool2d(2), convolutions(8, 16, activation=nn.SiLU), nn.MaxPool2d(2)
        )
        self.head = nn.Conv2d(16, 3 * 9, 1)
        self.anchors = nn.Buffer(torch.tensor([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])[None, :, None, None])

    def forward(self, x):
        y = self.head(self.backbone(x))
        batch, _, height, width = y.shape
        y = y.view(batch, 3, 9, height, width).permute(0, 1, 3, 4, 2).sigmoid()
        rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        grid = torch.stack([columns, rows], dim=2)[None, None].float()
        centre = (y[..., :2] * 2 - 0.5 + grid) * 4
        size = (y[..., 2:4] * 2) ** 2 * self.anchors
        return torch.cat([centre, size, y[..., 4:]], dim=4).reshape(batch, -1, 9)


class VariationalAutoencoder(nn.Module):
    """A VAE; the noise is an input, as an export that is to be deterministic needs."""

    def __init__(self):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(64, 32), nn.ReLU())
        self.mean, self.spread = nn.Linear(32, 8), nn.Linear(32, 8)
        self.decode = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 64), nn.Sigmoid())

    def forward(self, x, noise):
        hidden = self.encode(x)
        mean, spread = self.mean(hidden), self.spread(hidden)
        return self.decode(mean + noise * torch.exp(0.5 * spread)), mean, spread


class TextConvolutions(nn.Module):
    """Kim's text CNN: convolutions of three widths over words, each pooled to its maximum."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(100, 16)
        self.layers = nn.ModuleList(nn.Conv1d(16, 8, width) for width in (3, 4, 5))
        self.head = nn.Linear(24, 4)

    def forward(self, words):
        x = self.embedding(words).transpose(1, 2)
        return self.head(torch.cat([torch.relu(layer(x)).amax(dim=2) for layer in self.layers], dim=1))


class Siamese(nn.Module):
    """One network on two images, and the cosine of what it finds."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(convolutions(1, 8, 16), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 16))

    def forward(self, one, two):
        one, two = (functional.normalize(self.body(x), dim=1) for x in (one, two))
        return (one * two).sum(dim=1), torch.norm(one - two, dim=1)


class Translator(nn.Module):
    """nn.Transformer: encoder and decoder with a causal mask, as the tutorial has it."""

    def __init__(self):
        super().__init__()
        self.source, self.target = nn.Embedding(100, 16), nn.Embedding(100, 16)
        self.body = nn.Transformer(16, 2, 1, 1, 32, batch_first=True)
        self.head = nn.Linear(16, 100)

    def forward(self, source, target):
        length = target.shape[1]
        mask = torch.triu(torch.full((length, length), -1e4), diagonal=1)
        states = self.body(self.source(source), self.target(target), tgt_mask=mask, tgt_is_causal=True)
        return self.head(states)


class Enlarge(nn.Module):
    """ESPCN: images of any size become three times as large, by convolutions and a shuffle of pixels."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(1, 16, 5, padding=2), nn.Tanh(), convolutions(16, 8), nn.Conv2d(8, 9, 3, padding=1))

    def forward(self, x):
        return functional.pixel_shuffle(self.layers(x), 3) + functional.interpolate(x, scale_factor=3, mode="bilinear")


class Waves(nn.Module):
    """A PINN: coordinates through tanh layers and sines (a SIREN) to a field."""

    def __init__(self, sines):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 32), nn.Linear(32, 32), nn.Linear(32, 32)])
        self.head, self.sines = nn.Linear(32, 1), sines

    def forward(self, coordinates):
        x = coordinates
        for layer in self.layers:
            x = torch.sin(30 * layer(x)) if self.sines else torch.tanh(layer(x))
        return self.head(x)


def volumes():
    """A 3-D convolution net, for videos or scans."""
    return nn.Sequential(
        nn.Conv3d(1, 4, 3, padding=1), nn.BatchNorm3d(4), nn.ReLU(), nn.MaxPool3d(2),
        nn.Conv3d(4, 8, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(8, 4),
    )  # fmt: skip


def autoencoder():
    """A convolutional autoencoder."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(),
        nn.ConvTranspose2d(16, 8, 3, 2, 1, 1), nn.ReLU(), nn.ConvTranspose2d(8, 1, 3, 2, 1, 1), nn.Sigmoid(),
    )  # fmt: skip


def generator():
    """DCGAN's generator."""
    return nn.Sequential(
        nn.ConvTranspose2d(16, 16, 4), nn.BatchNorm2d(16), nn.ReLU(), nn.ConvTranspose2d(16, 8, 4, 2, 1),
        nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Tanh(),
    )  # fmt: skip


def normed(norm):
    """A small classifier with that norm after each convolution."""
    return nn.Sequential(convolutions(3, 8, 16, norm=norm), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))


def encoder():
    """nn.TransformerEncoder with GELU, norms first."""
    layer = nn.TransformerEncoderLayer(16, 2, 32, activation="gelu", batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)


SENTENCES = {"source": Input(("batch", "sequence"), 100), "target": Input(("batch", "target"), 100)}
WORDS = {"words": Input(("batch", "sequence"), 100)}
SERIES = {"series": Input(("batch", "sequence", 6))}
PIXELS = {"image": Input(("batch", 3, "height", "width"))}
POINTS = {"coordinates": Input(("batch", 2))}
MODULES = [
    Architecture("unet", lambda: UNet("transposed"), image(32)),
    Architecture("unet_nearest", lambda: UNet("nearest"), image(32)),
    Architecture("unet_bilinear", lambda: UNet("bilinear"), image(32)),
    Architecture("diffusion_block", DiffusionBlock, {"x": Input(("batch", 16, 8, 8)), "time": Input(("batch",), 1000)}),
    Architecture("lstm", lambda: Recurrent(nn.LSTM), WORDS),
    Architecture("lstm_bidirectional", lambda: Recurrent(nn.LSTM, bidirectional=True), WORDS),
    Architecture("gru", lambda: Recurrent(nn.GRU), WORDS),
    Architecture("gru_bidirectional", lambda: Recurrent(nn.GRU, bidirectional=True), WORDS),
    Architecture("lstm_series", lambda: Series(nn.LSTM), SERIES),
    Architecture("rnn_series", lambda: Series(nn.RNN), SERIES),
    Architecture("gcn", GraphConvolutions, {"features": Input(("nodes", 10)), "adjacency": Input(("nodes", "nodes"))}),
    Architecture("gat", GraphAttention, {"features": Input(("nodes", 10)), "mask": Input(("nodes", "nodes"), 2)}),
    Architecture("dlrm", Recommender, {"numbers": Input(("batch", 13)), "categories": Input(("batch", 4), 50)}),
    Architecture("matrix_factorization", TwoTowers, {"user": Input(("batch",), 60), "item": Input(("batch",), 80)}),
    Architecture("tcn", TemporalConvolutions, {"series": Input(("batch", 6, "sequence"))}),
    Architecture("conv3d", volumes, {"volume": Input(("batch", 1, 8, 16, 16))}),
    Architecture("yolo", Detector, image(32)),
    Architecture("yolo_any_size", Detector, PIXELS),
    Architecture("autoencoder", autoencoder, image(28, channels=1)),
    Architecture("vae", VariationalAutoencoder, {"x": Input(("batch", 64)), "noise": Input(("batch", 8))}),
    Architecture("dcgan", generator, {"noise": Input(("batch", 16, 1, 1))}),
    Architecture("pinn", lambda: Waves(sines=False), POINTS),
    Architecture("siren", lambda: Waves(sines=True), POINTS),
    Architecture("text_cnn", TextConvolutions, WORDS),
    Architecture("siamese", Siamese, {"one": Input(("batch", 1, 16, 16)), "two": Input(("batch", 1, 16, 16))}),
    Architecture("group_norm", lambda: normed(lambda width: nn.GroupNorm(4, width)), image(16)),
    Architecture("instance_norm", lambda: normed(lambda width: nn.InstanceNorm2d(width, affine=True)), image(16)),
    Architecture("transformer_encoder", encoder, {"x": Input(("batch", "sequence", 16))}),
    Architecture("transformer", Translator, SENTENCES),
    Architecture("espcn", Enlarge, {"image": Input(("batch", 1, "height", "width"))}),
]  # fmt: skip
