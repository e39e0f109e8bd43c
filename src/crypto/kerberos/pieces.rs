//! A message that lies in pieces, as SSPI's buffers hold it, walked in order.

use super::hash::put;

/// A part of a message.
#[derive(Debug)]
pub enum Piece<'a> {
    /// Encrypted or decrypted in place.
    Encrypt(&'a mut [u8]),
    /// Left as it is; it enters the integrity tag in its place.
    SignOnly(&'a [u8]),
}

/// What a walk meets.
pub(super) enum Fragment<'a> {
    /// Part of an [`Piece::Encrypt`].
    Encrypt(&'a mut [u8]),
    /// A whole [`Piece::SignOnly`].
    SignOnly(&'a [u8]),
}

/// Bytes of all [`Piece::Encrypt`].
pub(super) fn encrypted_length(pieces: &[Piece<'_>]) -> usize {
    let length = |piece: &Piece<'_>| match piece {
        Piece::Encrypt(bytes) => bytes.len(),
        Piece::SignOnly(_) => 0,
    };
    pieces.iter().map(length).sum()
}

/// A place in the concatenation.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    piece: usize,
    offset: usize,
}

impl Place {
    /// Walks over the next `count` encrypted bytes and what lies before and between them.
    pub(super) fn walk(
        &mut self,
        pieces: &mut [Piece<'_>],
        mut count: usize,
        mut meet: impl FnMut(Fragment<'_>),
    ) {
        while count > 0 {
            match pieces.get_mut(self.piece) {
                None => return,
                Some(Piece::SignOnly(bytes)) => meet(Fragment::SignOnly(bytes)),
                Some(Piece::Encrypt(bytes)) => {
                    let rest = bytes.get_mut(self.offset..).unwrap_or_default();
                    if let Some((part, _)) = rest.split_at_mut_checked(count) {
                        meet(Fragment::Encrypt(part));
                        self.offset += count;
                        return;
                    }
                    count -= rest.len();
                    meet(Fragment::Encrypt(rest));
                }
            }
            *self = Self { piece: self.piece + 1, offset: 0 };
        }
    }

    /// The whole blocks of 16 bytes that lie in one piece from here on, at most `limit` bytes of
    /// them, and goes behind them. Sign-only pieces before them are met.
    pub(super) fn run<'p>(
        &mut self,
        pieces: &'p mut [Piece<'_>],
        limit: usize,
        mut sign_only: impl FnMut(&[u8]),
    ) -> &'p mut [[u8; 16]] {
        while let Some(piece) = pieces.get(self.piece) {
            match piece {
                Piece::SignOnly(bytes) => sign_only(bytes),
                Piece::Encrypt(bytes) if bytes.len() > self.offset => break,
                Piece::Encrypt(_) => {}
            }
            *self = Self { piece: self.piece + 1, offset: 0 };
        }
        let Some(Piece::Encrypt(bytes)) = pieces.get_mut(self.piece) else {
            return &mut [];
        };
        let rest = bytes.get_mut(self.offset..).unwrap_or_default();
        let length = rest.len().min(limit);
        let (blocks, _) = rest.get_mut(..length).unwrap_or_default().as_chunks_mut();
        self.offset += blocks.as_flattened().len();
        blocks
    }

    /// Meets the sign-only pieces from here to the end.
    pub(super) fn finish(self, pieces: &[Piece<'_>], mut sign_only: impl FnMut(&[u8])) {
        for piece in pieces.get(self.piece..).unwrap_or_default() {
            if let Piece::SignOnly(bytes) = piece {
                sign_only(bytes);
            }
        }
    }
}

/// Copies encrypted bytes out, from a place on.
pub(super) fn gather(pieces: &mut [Piece<'_>], mut from: Place, out: &mut [u8]) {
    let mut done = 0;
    from.walk(pieces, out.len(), |fragment| {
        if let Fragment::Encrypt(bytes) = fragment {
            put(out.get_mut(done..).unwrap_or_default(), bytes);
            done += bytes.len();
        }
    });
}

/// Copies encrypted bytes in, from a place on.
pub(super) fn scatter(pieces: &mut [Piece<'_>], mut to: Place, from: &[u8]) {
    let mut done = 0;
    to.walk(pieces, from.len(), |fragment| {
        if let Fragment::Encrypt(bytes) = fragment {
            put(bytes, from.get(done..).unwrap_or_default());
            done += bytes.len();
        }
    });
}
