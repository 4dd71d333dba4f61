/// SecretFlow SPU 0.9.5 (Ma et al., USENIX ATC 2023): a compiler and a virtual machine for secure computation that runs
/// XLA programs over several protocols. Prices follow its source (github.com/secretflow/spu, commit 45d13d9b) from the
/// compiler's lowering down to the kernels, and are checked against measured runs.
public enum SPU {}
