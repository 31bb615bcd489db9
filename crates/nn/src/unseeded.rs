//! Modules that draw from a generator of their own.

use burn::module::{Flag, Module, ModuleVisitor, Param};

use crate::params::ParamPath;

/// Burn's modules that draw random numbers in training.
const RANDOM: [&str; 3] = ["Struct:Dropout", "Struct:GaussianNoise", "Struct:RRelu"];

/// The modules of `model` that draw random numbers in the forward pass of training from Burn's generator: `Dropout`,
/// `GaussianNoise` and `RRelu`, including those inside Burn's attention and transformer modules. Each is named by its path and
/// type: `block.dropout (Dropout)`. A frozen module draws nothing and is left out, and so are all `Dropout` modules if each of
/// them has probability 0.
///
/// These draws depend neither on the seed of a run nor on its step, so a resumed run differs from one that was never stopped, and
/// two runs with the same seed differ. [`Mode::dropout`](crate::Mode::dropout) draws from (seed, step, site) instead.
#[must_use]
pub fn unseeded_modules<M: Module>(model: &M) -> Vec<String> {
    let mut finder = Finder { path: ParamPath::default(), found: Vec::new() };
    model.visit(&mut finder);
    let mut found = finder.found;
    let is_dropout = |name: &String| name.ends_with("(Dropout)");
    let dropouts = found.iter().filter(|name| is_dropout(name)).count();
    // The probability is not a parameter; it is found in the model's debug output.
    if dropouts > 0 && format!("{model:?}").matches("Dropout { prob: 0.0,").count() == dropouts {
        found.retain(|name| !is_dropout(name));
    }
    found
}

struct Finder {
    path: ParamPath,
    found: Vec<String>,
}

impl ModuleVisitor for Finder {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        let container = self.path.container();
        if RANDOM.contains(&container) && flag.is_enabled() {
            let kind = container.trim_start_matches("Struct:");
            self.found.push(match self.path.parent() {
                "" => kind.to_owned(),
                path => format!("{path} ({kind})"),
            });
        }
    }
}
