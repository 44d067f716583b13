//! Encryption of texts such as continue tokens. Only a process with the key can read or create them.

use std::fmt;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Generate as _, Payload};
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305, XNonce};

/// Length of a nonce of XChaCha20-Poly1305, in bytes. It is long enough for random nonces not to repeat.
const NONCE: usize = 24;

/// Secret key that encrypts and decrypts texts with XChaCha20-Poly1305. A clone has the same key.
///
/// An encrypted text cannot be read, created or changed without the key. Decryption succeeds only with the context (any
/// bytes, for example the name of a resource) that was given for the encryption.
///
/// ```
/// use crdgen_runtime::encryption::EncryptionKey;
///
/// let key = EncryptionKey::random();
/// let text = key.encrypt(b"widgets", b"page 2");
/// assert_eq!(key.decrypt(b"widgets", &text).as_deref(), Some(&b"page 2"[..]));
/// assert_eq!(key.decrypt(b"gadgets", &text), None);
/// assert_eq!(EncryptionKey::random().decrypt(b"widgets", &text), None);
/// ```
#[derive(Clone)]
pub struct EncryptionKey(XChaCha20Poly1305);

impl EncryptionKey {
    /// Creates a random key. Only this value and its clones can decrypt its texts.
    pub fn random() -> Self {
        Self(XChaCha20Poly1305::new(&Key::generate()))
    }

    /// Returns the key of this process. It is random, and the same for every call.
    pub fn of_process() -> &'static Self {
        static OF_PROCESS: LazyLock<EncryptionKey> = LazyLock::new(EncryptionKey::random);
        &OF_PROCESS
    }

    /// Creates the key with these bytes. Processes that use the same key can decrypt each other's texts.
    pub fn from_bytes(key: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// Encrypts `plain`. The returned text contains only letters, digits, `-` and `_`, so a URL can contain it. Its
    /// length is 4/3 of that of `plain`, plus 54 characters.
    ///
    /// The returned text does not contain the context; the caller of `decrypt` must give it again. If the context has
    /// several parts, encode them unambiguously, for example as JSON.
    pub fn encrypt(&self, context: &[u8], plain: &[u8]) -> String {
        let nonce = XNonce::generate();
        let encrypted = self.0.encrypt(&nonce, Payload { msg: plain, aad: context });
        // Encryption fails only beyond 256 GiB. The empty text cannot be decrypted.
        let encrypted = encrypted.map(|encrypted| [nonce.as_slice(), &encrypted].concat()).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(encrypted)
    }

    /// Decrypts a text. Returns `None` if the text was changed, or was encrypted with another key or context.
    pub fn decrypt(&self, context: &[u8], text: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, encrypted) = bytes.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&(*nonce).into(), Payload { msg: encrypted, aad: context }).ok()
    }
}

impl Default for EncryptionKey {
    fn default() -> Self {
        Self::random()
    }
}

/// Never shows the key.
impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encrypted_text_is_decrypted_with_its_key_in_its_context_unchanged() {
        let key = EncryptionKey::from_bytes([7; 32]);
        let text = key.encrypt(b"context", b"plain");
        assert_eq!(EncryptionKey::from_bytes([7; 32]).decrypt(b"context", &text).as_deref(), Some(&b"plain"[..]));
        assert_eq!(EncryptionKey::from_bytes([8; 32]).decrypt(b"context", &text), None);
        assert_eq!(key.decrypt(b"", &text), None);
        for index in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.decrypt(b"context", std::str::from_utf8(&changed).unwrap()), None, "{index}");
        }
        for broken in ["", "A", "ä", &text[1..], &text[..text.len() - 1], &format!("{text}A")] {
            assert_eq!(key.decrypt(b"context", broken), None, "{broken}");
        }
    }

    #[test]
    fn an_encrypted_text_tells_nothing_and_is_never_the_same() {
        let key = EncryptionKey::random();
        assert_ne!(key.encrypt(b"", b"plain"), key.encrypt(b"", b"plain"));
        let text = key.encrypt(b"", &[b'p'; 30]);
        assert_eq!(text.len(), 30 * 4 / 3 + 54);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        assert_eq!(format!("{key:?}"), "EncryptionKey(..)");
    }
}
