//! Element-wise work on rows. Every function is compiled for several instruction sets, and the best one that the
//! machine supports is chosen at run time, so that a plain `cargo build --release` is fast everywhere. The code uses no
//! fused multiply-add, and sums use 16 fixed lanes, so all instruction sets give the same bits.

/// Compiles a function for AVX-512, for AVX2 and for any machine, and chooses when it is called.
macro_rules! for_every_cpu {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$doc])*
        $vis fn $name($($arg: $ty),*) $(-> $ret)? {
            #[inline(always)]
            fn anywhere($($arg: $ty),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
                fn avx512($($arg: $ty),*) $(-> $ret)? {
                    anywhere($($arg),*)
                }
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $ty),*) $(-> $ret)? {
                    anywhere($($arg),*)
                }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                {
                    // SAFETY: the features are there.
                    return unsafe { avx512($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the feature is there.
                    return unsafe { avx2($($arg),*) };
                }
            }
            anywhere($($arg),*)
        }
    };
}

// Below the macro, which they use.
mod activation;
mod adamw;
mod dropout;
mod norm;
mod rows;
mod sum;

pub(crate) use activation::{gelu, gelu_backward, relu, relu_backward, softmax, softmax_backward};
pub use adamw::AdamWStep;
pub(crate) use adamw::adamw;
pub(crate) use dropout::{drop, kept, kept_backward, mark};
pub(crate) use norm::{affine, layer_norm, layer_norm_backward, normalise, normalise_backward};
pub(crate) use rows::{
    add, add_products, add_scaled, add_sum_of_rows, add_to_all, dot, dots, mixture, prefetch, scaled_sum, times_row,
    weighted_sums,
};
