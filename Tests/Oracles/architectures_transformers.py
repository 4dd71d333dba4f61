"""Networks of transformers (the library), two layers deep and narrow."""

from architectures_kit import Architecture, Input  # isort: skip  (before transformers, which imports torchvision)
import transformers
from torch import nn

# What most configurations call their sizes.
SIZES = {
    "vocab_size": 100, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64,
    "max_position_embeddings": 64, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2,
}  # fmt: skip
GROUPED = {"num_key_value_heads": 2, "head_dim": 8}
WORDS = {"input_ids": Input(("batch", "sequence"), 100)}
MASKED = WORDS | {"attention_mask": Input(("batch", "sequence"), 2)}
IMAGES = {"pixel_values": Input(("batch", 3, 32, 32))}


class Called(nn.Module):
    """A network of transformers, called with arguments by those names; what it returns first."""

    def __init__(self, network, names, **options):
        super().__init__()
        self.network, self.names, self.options = network, names, options

    def forward(self, *tensors):
        return self.network(**dict(zip(self.names, tensors)), return_dict=False, **self.options)[0]


class Cached(nn.Module):
    """A decoder's later step: new words, a mask over old and new ones, and the keys and values of the old ones by layer."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask, *past):
        cache = transformers.DynamicCache()
        for layer, (key, value) in enumerate(zip(past[::2], past[1::2])):
            cache.update(key, value, layer)
        logits = self.network(input_ids, attention_mask, past_key_values=cache, use_cache=True, return_dict=False)[0]
        return (logits, *(tensor for layer in cache.layers for tensor in (layer.keys, layer.values)))


def network(name, kind, inputs, call=None, **sizes):
    """An architecture by the name of its class; `sizes` that are None keep their defaults."""
    family = getattr(transformers, kind).config_class

    def make():
        configuration = family(**{key: value for key, value in sizes.items() if value is not None})
        return Called(getattr(transformers, kind)(configuration), list(inputs), **(call or {}))

    return Architecture(name, make, inputs)


def encoder(name, kind, inputs=MASKED, call=None, **sizes):
    """A network whose configuration uses the usual names."""
    return network(name, kind, inputs, call, **(SIZES | sizes))


def decoder(name, kind, inputs=MASKED, **sizes):
    """A language model that predicts the next word, without a cache."""
    return network(name, kind, inputs, {"use_cache": False}, **(SIZES | sizes))


def step(name, kind, **sizes):
    """A language model's later step, with a cache of keys and values."""
    plain = decoder(name, kind, **(GROUPED | sizes))
    past = {f"past_{what}_{layer}": Input(("batch", 2, "past", 8)) for layer in range(2) for what in ("key", "value")}
    inputs = WORDS | {"attention_mask": Input(("batch", "total"), 2)} | past
    return Architecture(name, lambda: Cached(plain.make().network), inputs)


SMALL_DISTIL = {"vocab_size": 100, "dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64, "max_position_embeddings": 64}
SMALL_GPT = {"vocab_size": 100, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64, "bos_token_id": 1, "eos_token_id": 2}
SMALL_T5 = {"vocab_size": 100, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4, "decoder_start_token_id": 0}
SMALL_BART = {
    "vocab_size": 100, "d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 64,
    "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1, "forced_eos_token_id": 2,
}  # fmt: skip
SMALL_WHISPER = (SMALL_BART | {"num_mel_bins": 16, "max_source_positions": 16, "max_target_positions": 32}) | {
    "max_position_embeddings": None, "forced_eos_token_id": None, "suppress_tokens": [], "begin_suppress_tokens": [],
}  # fmt: skip
SMALL_VISION = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "image_size": 32, "patch_size": 8,
}  # fmt: skip
SMALL_MOBILE = {"embedding_size": 16, "intra_bottleneck_size": 16, "true_hidden_size": 16, "num_feedforward_networks": 2}
SMALL_MAMBA = {"vocab_size": 100, "hidden_size": 32, "num_hidden_layers": 2, "state_size": 8, "pad_token_id": 0}
SMALL_SPEECH = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "conv_dim": (16, 16),
    "conv_kernel": (10, 3), "conv_stride": (5, 2), "num_feat_extract_layers": 2, "num_conv_pos_embeddings": 8,
    "num_conv_pos_embedding_groups": 2,
}  # fmt: skip
TRANSLATION = MASKED | {"decoder_input_ids": Input(("batch", "target"), 100)}
SPEECH = {"input_features": Input(("batch", 16, 32)), "decoder_input_ids": Input(("batch", "target"), 100)}

TRANSFORMERS = [
    encoder("bert", "BertModel"),
    encoder("bert_classifier", "BertForSequenceClassification"),
    network("distilbert", "DistilBertModel", MASKED, **SMALL_DISTIL),
    encoder("roberta", "RobertaModel"),
    encoder("albert", "AlbertModel", embedding_size=16),
    encoder("electra", "ElectraModel", embedding_size=16),
    encoder("mobilebert", "MobileBertModel", **SMALL_MOBILE),
    encoder("deberta", "DebertaModel", relative_attention=True, pos_att_type=["c2p", "p2c"]),
    encoder("deberta_v2", "DebertaV2Model", relative_attention=True, pos_att_type=["c2p", "p2c"]),
    encoder("squeezebert", "SqueezeBertModel", embedding_size=32),
    encoder("convbert", "ConvBertModel", embedding_size=16),
    encoder("mpnet", "MPNetModel"),
    encoder("roformer", "RoFormerModel", embedding_size=32),
    encoder("fnet", "FNetModel", WORDS, use_tpu_fourier_optimizations=False),
    encoder("modernbert", "ModernBertModel", cls_token_id=1, sep_token_id=2),
    network("gpt2", "GPT2LMHeadModel", MASKED, {"use_cache": False}, **SMALL_GPT),
    network("gptj", "GPTJForCausalLM", MASKED, {"use_cache": False}, rotary_dim=4, **SMALL_GPT),
    decoder("gpt_neox", "GPTNeoXForCausalLM"),
    decoder("opt", "OPTForCausalLM", ffn_dim=64, word_embed_proj_dim=32),
    decoder("bloom", "BloomForCausalLM", n_layer=2, n_head=4),
    decoder("falcon", "FalconForCausalLM", new_decoder_architecture=False),
    decoder("llama", "LlamaForCausalLM", **GROUPED),
    decoder("llama_no_mask", "LlamaForCausalLM", WORDS, **GROUPED),
    step("llama_cache", "LlamaForCausalLM"),
    decoder("mistral", "MistralForCausalLM", sliding_window=4, **GROUPED),
    decoder("mixtral", "MixtralForCausalLM", num_local_experts=4, experts_implementation="batched_mm", **GROUPED),
    decoder("qwen2", "Qwen2ForCausalLM", **GROUPED),
    step("qwen2_cache", "Qwen2ForCausalLM"),
    decoder("qwen3", "Qwen3ForCausalLM", **GROUPED),
    decoder("gemma", "GemmaForCausalLM", **GROUPED),
    decoder("gemma2", "Gemma2ForCausalLM", **GROUPED),
    decoder("phi", "PhiForCausalLM"),
    decoder("phi3", "Phi3ForCausalLM", num_key_value_heads=2),
    decoder("stablelm", "StableLmForCausalLM", num_key_value_heads=2),
    network("t5_encoder", "T5EncoderModel", MASKED, **SMALL_T5),
    network("t5", "T5ForConditionalGeneration", TRANSLATION, {"use_cache": False}, **SMALL_T5),
    network("bart", "BartForConditionalGeneration", TRANSLATION, {"use_cache": False}, **SMALL_BART),
    network("whisper", "WhisperForConditionalGeneration", SPEECH, {"use_cache": False}, **SMALL_WHISPER),
    network("vit_hf", "ViTForImageClassification", IMAGES, **SMALL_VISION),
    network("dinov2", "Dinov2Model", IMAGES, **SMALL_VISION),
    network("clip_vision", "CLIPVisionModel", IMAGES, **SMALL_VISION),
    network("wav2vec2", "Wav2Vec2Model", {"input_values": Input(("batch", 800))}, **SMALL_SPEECH),
    network("mamba", "MambaForCausalLM", WORDS, {"use_cache": False}, **SMALL_MAMBA),
]
