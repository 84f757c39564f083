//! What can go wrong with a file, each with a code the pages and the API can put into words.

/// Why a file was not taken in or not handed out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// The upload has no bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The upload is larger than the limit; both in bytes.
    #[error("the file has {size} bytes, at most {max} are allowed")]
    TooLarge {
        /// Size of what came in, in bytes.
        size: u64,
        /// The limit, in bytes.
        max: u64,
    },
    /// The content is of a kind that is never taken, whatever it is called.
    #[error("files of the kind {found} are not taken")]
    TypeNotAllowed {
        /// What the content is: an extension such as `exe`, `html`, `zip`, or `unknown`.
        found: String,
    },
    /// The content is not what the extension of its name says.
    #[error("the name says {declared}, the content is {found}")]
    NotWhatItSays {
        /// Extension of the declared name, lower case, without the dot.
        declared: String,
        /// What the content is, named as an extension, or `unknown`.
        found: String,
    },
    /// The text given is not 64 lower-case hex digits.
    #[error("this is not a file hash")]
    BadHash,
    /// No file of this hash is in the store.
    #[error("no file with hash {hash}")]
    Missing {
        /// The SHA-256 that was asked for.
        hash: String,
    },
    /// The stored bytes no longer have the hash they are stored under.
    #[error("the stored file {hash} is damaged: its content now has the hash {found}")]
    Damaged {
        /// The SHA-256 it is stored under.
        hash: String,
        /// The SHA-256 of what is there now.
        found: String,
    },
    /// The disk or the object store did not do what was asked.
    #[error("storage: {0}")]
    Storage(#[from] opendal::Error),
    /// The file system did not do what was asked.
    #[error("storage: {0}")]
    Io(#[from] std::io::Error),
}

impl FilesError {
    /// The code under which this is told to a person or a program.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::TypeNotAllowed { .. } => "file_type_not_allowed",
            Self::NotWhatItSays { .. } => "file_not_what_it_says",
            Self::BadHash => "file_hash_malformed",
            Self::Missing { .. } => "file_missing",
            Self::Damaged { .. } => "file_damaged",
            Self::Storage(_) | Self::Io(_) => "file_storage_failed",
        }
    }

    /// The HTTP status that belongs to the code (400, 404, 413, 415, 422 or 500).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Empty => 422,
            Self::TooLarge { .. } => 413,
            Self::TypeNotAllowed { .. } | Self::NotWhatItSays { .. } => 415,
            Self::BadHash => 400,
            Self::Missing { .. } => 404,
            Self::Damaged { .. } | Self::Storage(_) | Self::Io(_) => 500,
        }
    }
}
