// What `import Harrier` brings beside the façade of this module: the modules whose types it takes and returns.
@_exported import Autograd
@_exported import Calibration
@_exported import Evaluate
@_exported import Frameworks
@_exported import IR
@_exported import Modules
@_exported import ONNXFormat
@_exported import Pricing
@_exported import Render
@_exported import Report
@_exported import Rewrite
@_exported import Suggest
