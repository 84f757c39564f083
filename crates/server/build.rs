//! Says clearly what is missing before the compiler says it obscurely, and rebuilds when a message changes.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=../../web/dist");
    let dist = Path::new("../../web/dist");
    if !dist.join("theme.css").is_file() {
        println!("cargo:warning=web/dist is missing: run `make web` first (it needs Node and npm).");
        if std::fs::create_dir_all(dist).is_err() || std::env::var("PROFILE").as_deref() == Ok("release") {
            println!("cargo:error=web/dist is missing: run `make web` first.");
        }
    }
}
