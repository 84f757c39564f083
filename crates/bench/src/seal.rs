//! Sealing a file and verifying packages: how long, how much memory, and what reading alone costs. Nothing of the program but the
//! packages is needed; contents are made up.

use crate::{Fault, say};
use clap::Args;
use files::hash::{CHAIN_START, chain_hash, sha256_hex};
use files::package::{
    CatalogueRow, Content, Known, PackageInput, PackedDocument, PackedEvent, Sealing, metadata_xml, verify_against,
    write_package,
};
use files::seal::{PublicKey, SoftwareKey};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What sealing 300 MB may take.
const LIMIT: Duration = Duration::from_secs(10);
const LIMIT_MEGABYTES: u32 = 300;
/// So much more memory may a large file take than a small one, in KiB: less than one of its documents.
const GROWTH: u64 = 8 * 1024;
/// Documents of the packages that are verified, and the size of each in bytes.
const SMALL: (u32, usize) = (6, 40_000);
const MEGABYTE: usize = 1_000_000;

/// How much is sealed and verified.
#[derive(Debug, Args)]
pub struct Seal {
    /// An empty folder for what is made; it stays.
    #[arg(long)]
    folder: PathBuf,
    /// Documents of the large file.
    #[arg(long, default_value_t = 150)]
    documents: u32,
    /// Size of the large file in megabytes.
    #[arg(long, default_value_t = LIMIT_MEGABYTES)]
    megabytes: u32,
    /// How many small packages are verified.
    #[arg(long, default_value_t = 1000)]
    packages: u32,
}

/// Seals a large file and verifies it, then many small ones.
///
/// # Errors
/// If something cannot be written or does not verify; in a release build also if sealing took too long or memory grew.
pub fn run(seal: &Seal) -> Result<(), Fault> {
    std::fs::create_dir_all(&seal.folder)?;
    let key = SoftwareKey::from_bytes(&[7; 32])?;
    let slow = large(seal, &key)?;
    small(seal, &key)?;
    match slow {
        Some(slow) if !cfg!(debug_assertions) => Err(slow.into()),
        _ => Ok(()),
    }
}

fn large(seal: &Seal, key: &SoftwareKey) -> Result<Option<String>, Fault> {
    let size = seal.megabytes as usize * MEGABYTE / seal.documents.max(1) as usize;
    // A file of two documents first, so that the memory which any sealing takes is there already.
    sealed(&input(&seal.folder, "warm", 2, size)?, key, &seal.folder.join("warm.zip"))?;
    let before = peak_kib();
    let input = input(&seal.folder, "large", seal.documents, size)?;
    let path = seal.folder.join("large.zip");
    let took = sealed(&input, key, &path)?;
    let grown = peak_kib().saturating_sub(before);
    let begin = Instant::now();
    verified(&path, &[key.public().clone()])?;
    let checked = begin.elapsed();
    say(&format!(
        "seal       {} documents, {} MB: {:.2} s ({}), memory grew by {grown} KiB; verified in {:.2} s ({})",
        seal.documents,
        seal.megabytes,
        took.as_secs_f64(),
        speed(&path, took)?,
        checked.as_secs_f64(),
        speed(&path, checked)?
    ));
    let limit = LIMIT.mul_f64((f64::from(seal.megabytes) / f64::from(LIMIT_MEGABYTES)).max(0.1));
    Ok((took > limit || grown > GROWTH).then(|| format!("seal: {took:?} (limit {limit:?}), {grown} KiB more memory")))
}

fn small(seal: &Seal, key: &SoftwareKey) -> Result<(), Fault> {
    let input = input(&seal.folder, "small", SMALL.0, SMALL.1)?;
    let paths: Vec<PathBuf> = (0..seal.packages).map(|nth| seal.folder.join(format!("small-{nth}.zip"))).collect();
    for (nth, path) in paths.iter().enumerate() {
        sealed(&PackageInput { number: format!("2026-{nth:04}"), ..input.clone() }, key, path)?;
    }
    let begin = Instant::now();
    let mut bytes = 0;
    for path in &paths {
        bytes += std::fs::read(path)?.len();
    }
    let read = begin.elapsed();
    let (keys, begin) = ([key.public().clone()], Instant::now());
    for path in &paths {
        verified(path, &keys)?;
    }
    let alone = begin.elapsed();
    let begin = Instant::now();
    in_parallel(&paths, &keys)?;
    let together = begin.elapsed();
    say(&format!(
        "verify     {} packages, {:.0} MB: read again from memory {:.2} s; verified {:.2} s on one core, {:.2} s on all ({:.0} MB/s)",
        seal.packages,
        megabytes(bytes),
        read.as_secs_f64(),
        alone.as_secs_f64(),
        together.as_secs_f64(),
        megabytes(bytes) / together.as_secs_f64().max(1e-9)
    ));
    Ok(())
}

fn in_parallel(paths: &[PathBuf], keys: &[PublicKey]) -> Result<(), Fault> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let share = paths.len().div_ceil(cores).max(1);
        let work = |part| move || verify_all(part, keys);
        let workers: Vec<_> = paths.chunks(share).map(|part| scope.spawn(work(part))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a thread stopped")?)
    })
}

fn verify_all(paths: &[PathBuf], keys: &[PublicKey]) -> Result<(), Fault> {
    paths.iter().try_for_each(|path| verified(path, keys))
}

/// Writes a package to the disk; how long that took.
fn sealed(input: &PackageInput, key: &SoftwareKey, path: &Path) -> Result<Duration, Fault> {
    let begin = Instant::now();
    let mut file = BufWriter::new(File::create(path)?);
    write_package(input, key, &mut file)?;
    file.flush()?;
    Ok(begin.elapsed())
}

fn verified(path: &Path, keys: &[PublicKey]) -> Result<(), Fault> {
    let verified = verify_against(&mut File::open(path)?, Known { expect: None, keys });
    verified.map(|_| ()).map_err(|findings| format!("{}: {findings:?}", path.display()).into())
}

/// A case with so many documents of so many bytes, which lie in the folder.
fn input(folder: &Path, name: &str, documents: u32, size: usize) -> Result<PackageInput, Fault> {
    let mut input = PackageInput {
        case_id: name.to_owned(),
        number: format!("2026-{name}"),
        metadata: metadata_xml("元数据", &BTreeMap::from([("题名", name)]))?,
        sealing: Sealing { hall: "bench".to_owned(), at: "2026-11-25T08:00:00Z".to_owned(), volume: 1 },
        events: Vec::new(),
        documents: Vec::new(),
        catalogue: Vec::new(),
    };
    let mut prev_hash = CHAIN_START.to_owned();
    for nth in 1..=documents {
        let content = noise(u64::from(nth), size);
        let (hash, path) = (sha256_hex(&content), folder.join(format!("{name}-{nth}")));
        std::fs::write(&path, content)?;
        let body = format!(r#"{{"seq":{nth},"hash":"{hash}"}}"#).into_bytes();
        let next = chain_hash(&prev_hash, &body);
        input.events.push(PackedEvent { seq: nth.into(), body, prev_hash, hash: next.clone() });
        prev_hash = next;
        let name = format!("{nth:03}-material.pdf");
        input.catalogue.push(CatalogueRow {
            item: nth,
            title: name.clone(),
            kind: "material".to_owned(),
            document: Some(name.clone()),
            date: None,
            pages: None,
            remark: None,
        });
        let kind = "material".to_owned();
        input.documents.push(PackedDocument { name, kind, hash, content: Content::Path(path) });
    }
    Ok(input)
}

/// Bytes without a pattern, the same for the same seed.
fn noise(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..size.div_ceil(8)).flat_map(|_| next()).take(size).collect()
}

/// The most memory that this process has had, in KiB; zero where the system does not say.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn speed(path: &Path, took: Duration) -> Result<String, Fault> {
    let bytes = usize::try_from(std::fs::metadata(path)?.len())?;
    Ok(format!("{:.0} MB/s", megabytes(bytes) / took.as_secs_f64().max(1e-9)))
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / MEGABYTE as f64
}
