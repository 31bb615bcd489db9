//! What a run computes on, for its log and its checkpoints.

use burn::tensor::Device;

/// `cpu`, or the tensor library's name of the device.
pub(super) fn device_name(device: &Device) -> String {
    match device.clone().inner() == Device::flex() {
        true => "cpu".to_owned(),
        false => format!("{device:?}").to_lowercase(),
    }
}

/// The best instruction set of this machine that the kernels can use. AMX, the unit for bf16, is used only by models with that
/// precision.
pub(super) fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return if drivetrain_kernels::multiplies_bf16() { "x86-64 avx512+amx" } else { "x86-64 avx512" };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return "x86-64 avx2+fma";
        }
    }
    std::env::consts::ARCH
}
