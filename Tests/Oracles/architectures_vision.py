"""Networks of torchvision and timm, few blocks deep and narrow."""

import functools

from architectures_kit import Architecture, image, narrow  # isort: skip  (before torchvision and timm)
import timm
from timm.layers import GatedMlp
from timm.models import convmixer, metaformer, mlp_mixer
from torch import nn
from torchvision import models
from torchvision.models import convnext, densenet, efficientnet, segmentation, swin_transformer


def narrowed(divisor, make, **options):
    """What makes that network with so many times fewer channels."""

    def made():
        with narrow(divisor):
            return make(**options)

    return made


def regnet():
    """RegNet-Y of two stages, with squeeze and excitation."""
    parameters = models.regnet.BlockParams.from_init_params(depth=4, w_0=16, w_a=16.0, w_m=2.0, group_width=8, se_ratio=0.25)
    return models.RegNet(parameters, num_classes=10)


def efficient(version):
    """EfficientNet B0 or V2-S, one block a stage."""
    settings, last = efficientnet._efficientnet_conf(version, width_mult=0.25, depth_mult=0.25)
    if version == "efficientnet_v2_s":
        block = {"FusedMBConv": efficientnet.FusedMBConvConfig, "MBConv": efficientnet.MBConvConfig}
        settings = [
            block["FusedMBConv"](1, 3, 1, 8, 8, 1), block["FusedMBConv"](4, 3, 2, 8, 16, 1),
            block["MBConv"](4, 3, 2, 16, 24, 1), block["MBConv"](6, 3, 2, 24, 32, 2),
        ]  # fmt: skip
        last = 64
    return models.EfficientNet(settings, dropout=0.2, num_classes=10, last_channel=last)


def swin(version):
    """Swin or Swin V2 with windows of 4 patches."""
    block, merging = {
        1: (swin_transformer.SwinTransformerBlock, swin_transformer.PatchMerging),
        2: (swin_transformer.SwinTransformerBlockV2, swin_transformer.PatchMergingV2),
    }[version]
    return models.SwinTransformer(
        [4, 4], embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4], num_classes=10, block=block,
        downsample_layer=merging,
    )  # fmt: skip


def vit():
    """A vision transformer of two layers."""
    return models.VisionTransformer(32, 8, num_layers=2, num_heads=2, hidden_dim=32, mlp_dim=64, num_classes=10)


def maxvit():
    """MaxViT: two blocks of convolutions, windows and grids."""
    return models.MaxVit((64, 64), 16, 4, [16, 32], [1, 1], 8, 0.0, num_classes=10)


def convnext_small():
    """ConvNeXt of two stages."""
    settings = [convnext.CNBlockConfig(16, 32, 1), convnext.CNBlockConfig(32, None, 2)]
    return models.ConvNeXt(settings, num_classes=10)


class Output(nn.Module):
    """Takes the map called "out" from what a segmentation network returns."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, image):
        return self.network(image)["out"]


def segment(head):
    """A segmentation network of torchvision: FCN and DeepLab rest on a ResNet, LR-ASPP on a MobileNet."""
    return Output(head(weights=None, weights_backbone=None, num_classes=5))


def vision(name, make, size=64, **options):
    """An architecture of torchvision."""
    return Architecture(name, functools.partial(make, **options) if options else make, image(size))


TORCHVISION = [
    vision("resnet18", narrowed(8, models.resnet18, num_classes=10)),
    vision("resnet50", narrowed(8, models.resnet50, num_classes=10)),
    vision("resnext50", narrowed(8, models.resnext50_32x4d, num_classes=10)),
    vision("wide_resnet50", narrowed(16, models.wide_resnet50_2, num_classes=10)),
    vision("alexnet", narrowed(16, models.alexnet, num_classes=10), 224),
    vision("vgg11", narrowed(16, models.vgg11, num_classes=10), 224),
    vision("vgg16_bn", narrowed(16, models.vgg16_bn, num_classes=10), 224),
    vision("squeezenet", narrowed(4, models.squeezenet1_1, num_classes=10)),
    vision("googlenet", narrowed(8, models.googlenet, num_classes=10, aux_logits=False, init_weights=False)),
    vision("inception_v3", narrowed(8, models.inception_v3, num_classes=10, aux_logits=False, init_weights=False), 96),
    vision("densenet", lambda: densenet.DenseNet(8, (2, 3, 2), 16, num_classes=10)),
    vision("mobilenet_v2", models.mobilenet_v2, width_mult=0.25, num_classes=10),
    vision("mobilenet_v3_small", models.mobilenet_v3_small, width_mult=0.25, num_classes=10),
    vision("mobilenet_v3_large", models.mobilenet_v3_large, width_mult=0.25, num_classes=10),
    vision("mnasnet", lambda: models.MNASNet(0.25, num_classes=10)),
    vision("shufflenet_v2", lambda: models.ShuffleNetV2([2, 2, 2], [8, 16, 32, 64, 64], num_classes=10)),
    vision("efficientnet_b0", lambda: efficient("efficientnet_b0")),
    vision("efficientnet_v2", lambda: efficient("efficientnet_v2_s")),
    vision("regnet_y", regnet),
    vision("convnext", convnext_small),
    vision("vit", vit, 32),
    vision("swin", lambda: swin(1)),
    vision("swin_v2", lambda: swin(2)),
    vision("maxvit", maxvit),
    vision("fcn_resnet50", narrowed(8, segment, head=segmentation.fcn_resnet50)),
    vision("deeplabv3_resnet50", narrowed(8, segment, head=segmentation.deeplabv3_resnet50)),
    vision("lraspp_mobilenet_v3", narrowed(4, segment, head=segmentation.lraspp_mobilenet_v3_large)),
]


def timm_network(name, divisor=1, size=64, **options):
    """An architecture of timm, by its name there and options of its own."""
    make = narrowed(divisor, timm.create_model, model_name=name, pretrained=False, num_classes=10, **options)
    return Architecture(f"timm_{name}", make, image(size))


def mixer(block, **options):
    """An MLP mixer of two blocks of that kind."""
    return mlp_mixer.MlpMixer(10, 64, patch_size=16, num_blocks=2, embed_dim=32, block_layer=block, **options)


PATCHES = {"img_size": 64, "embed_dim": 32, "depth": 2}
TIMM = [
    vision("timm_mixer", lambda: mixer(mlp_mixer.MixerBlock)),
    vision("timm_resmlp", lambda: mixer(mlp_mixer.ResBlock, mlp_ratio=4, norm_layer=mlp_mixer.Affine)),
    vision("timm_gmlp", lambda: mixer(mlp_mixer.SpatialGatingBlock, mlp_ratio=6, mlp_layer=GatedMlp)),
    vision("timm_convmixer", lambda: convmixer.ConvMixer(32, 2, num_classes=10)),
    timm_network("deit3_small_patch16_224", num_heads=2, **PATCHES),
    timm_network("beit_base_patch16_224", num_heads=2, **PATCHES),
    timm_network("eva02_tiny_patch14_224", num_heads=2, **(PATCHES | {"img_size": 56}), size=56),
    timm_network("cait_xxs24_224", num_heads=2, **PATCHES),
    timm_network("ghostnet_100", 4),
    timm_network("repvgg_a0", 8),
    timm_network("mobileone_s0", 8),
    timm_network("levit_128s", size=224, embed_dim=(32, 48, 64), num_heads=(2, 3, 4), key_dim=8, depth=(1, 1, 1)),
    timm_network("efficientformer_l1", size=224, depths=(1, 1, 1, 2), embed_dims=(16, 24, 32, 48)),
    vision("timm_poolformer", lambda: metaformer.MetaFormer(depths=(1, 1, 1, 1), dims=(8, 16, 24, 32), num_classes=10)),
    timm_network("convnextv2_atto", depths=(1, 1, 1, 1), dims=(8, 16, 24, 32)),
    timm_network("edgenext_xx_small", depths=(1, 1, 2, 1), dims=(8, 16, 24, 32), heads=(2, 2, 2, 2)),
    timm_network("mobilevitv2_050"),
    timm_network("mobilenetv4_conv_small", 4),
    timm_network("dla46_c", 4),
    timm_network("rexnet_100", width_mult=0.5),
    timm_network("resnest14d", 8),
    timm_network("seresnext26d_32x4d", 8),
    timm_network("nf_resnet26", 8),
    timm_network("hgnetv2_b0", 4),
    timm_network("xcit_nano_12_p16_224", img_size=64, embed_dim=32, depth=2, num_heads=2),
    timm_network("twins_svt_small", img_size=64, embed_dims=(16, 24, 32, 48), num_heads=(1, 2, 2, 2), depths=(1, 1, 1, 1)),
    timm_network("pvt_v2_b0", embed_dims=(8, 16, 24, 32), depths=(1, 1, 1, 1), num_heads=(1, 2, 2, 2)),
    timm_network("mambaout_femto", depths=(1, 1, 1, 1), dims=(8, 16, 24, 32)),
    timm_network("starnet_s1", base_dim=8),
]

VISION = TORCHVISION + TIMM
