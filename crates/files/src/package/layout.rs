//! The fixed bytes of a package as a ZIP file. They are the same in every form of the package.

/// What the headers say about an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub name: Vec<u8>,
    pub crc: u32,
    pub size: u32,
    /// Where its local header starts.
    pub offset: u32,
}

/// Length of a local header without the name.
pub(super) const LOCAL: usize = 30;
/// Length of a central header without the name.
pub(super) const CENTRAL: usize = 46;
/// Length of the end record.
pub(super) const END: usize = 22;

/// From "version needed" to "date": version 2.0, name in UTF-8, stored, 1980-01-01 00:00.
const COMMON: [u8; 10] = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
/// Made by version 2.0 on Unix, so that the attributes mean a file of mode 0644.
const MADE_BY: [u8; 2] = [20, 3];
const ATTRIBUTES: u32 = 0o100_644 << 16;

impl Header {
    /// The header that stands before the content.
    pub(super) fn local(&self) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        self.push_common(&mut bytes);
        bytes.extend_from_slice(&self.name);
        bytes
    }

    /// The header in the list at the end of the file.
    pub(super) fn central(&self) -> Vec<u8> {
        let mut bytes = b"PK\x01\x02".to_vec();
        bytes.extend_from_slice(&MADE_BY);
        self.push_common(&mut bytes);
        // No comment, first disk, no internal attributes.
        bytes.extend_from_slice(&[0; 6]);
        bytes.extend_from_slice(&ATTRIBUTES.to_le_bytes());
        bytes.extend_from_slice(&self.offset.to_le_bytes());
        bytes.extend_from_slice(&self.name);
        bytes
    }

    fn push_common(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&COMMON);
        bytes.extend_from_slice(&self.crc.to_le_bytes());
        bytes.extend_from_slice(&self.size.to_le_bytes());
        bytes.extend_from_slice(&self.size.to_le_bytes());
        // Names are bounded far below 64 KiB; a longer one gives a header that no reader accepts.
        bytes.extend_from_slice(&u16::try_from(self.name.len()).unwrap_or(u16::MAX).to_le_bytes());
        bytes.extend_from_slice(&[0; 2]);
    }

    /// How many bytes header and content take before the list.
    pub(super) fn span(&self) -> u64 {
        (LOCAL + self.name.len()) as u64 + u64::from(self.size)
    }
}

/// The record at the very end: how many entries, how long the list is and where it starts.
pub(super) fn end(count: u16, list_size: u32, list_offset: u32) -> Vec<u8> {
    let mut bytes = b"PK\x05\x06\0\0\0\0".to_vec();
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&list_size.to_le_bytes());
    bytes.extend_from_slice(&list_offset.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes
}
