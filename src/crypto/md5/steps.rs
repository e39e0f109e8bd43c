//! The steps of MD5 (RFC 1321, 3.4), for one block or for two at once.
#![expect(clippy::inline_always, reason = "the steps and what is beside them must be one stretch")]

use std::hint::black_box;
use std::ops::{BitAnd, BitOr, BitXor, Not};

/// The 64 steps of RFC 1321, 3.4, over the sixteen words of a block, and what `after` does after
/// each.
#[inline(always)]
pub fn steps<L: Lanes>(
    state: &mut [L; 4],
    word: impl Fn(usize) -> L,
    mut after: impl FnMut(usize),
) {
    let [mut a, mut b, mut c, mut d] = *state;
    // A constant that the compiler sees it adds last, which makes the chain longer.
    let sines: &[u32; 64] = black_box(&SINES);
    macro_rules! step {
        ($mix:ident, $a:ident $b:ident $c:ident $d:ident, $n:expr, $word:expr, $turn:literal) => {
            let sum = $a.plus(word($word)).plus(L::all(sines[$n]));
            $a = $mix(sum, $b, $c, $d).turn($turn).plus($b);
            after($n);
        };
    }
    macro_rules! round {
        ($mix:ident, $n:expr, $turns:tt,) => {};
        ($mix:ident, $n:expr, [$t0:literal $t1:literal $t2:literal $t3:literal],
         $w0:literal $w1:literal $w2:literal $w3:literal $($rest:literal)*) => {
            step!($mix, a b c d, $n, $w0, $t0);
            step!($mix, d a b c, $n + 1, $w1, $t1);
            step!($mix, c d a b, $n + 2, $w2, $t2);
            step!($mix, b c d a, $n + 3, $w3, $t3);
            round!($mix, $n + 4, [$t0 $t1 $t2 $t3], $($rest)*);
        };
    }
    round!(f, 0, [7 12 17 22], 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    round!(g, 16, [5 9 14 20], 1 6 11 0 5 10 15 4 9 14 3 8 13 2 7 12);
    round!(h, 32, [4 11 16 23], 5 8 11 14 1 4 7 10 13 0 3 6 9 12 15 2);
    round!(i, 48, [6 10 15 21], 0 7 14 5 12 3 10 1 8 15 6 13 4 11 2 9);
    for (word, new) in state.iter_mut().zip([a, b, c, d]) {
        *word = word.plus(new);
    }
}

/// A word of one digest, or the words of several that are made at once.
pub trait Lanes:
    Copy + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self> + Not<Output = Self>
{
    /// The same word in all.
    fn all(word: u32) -> Self;
    /// The sums, modulo 2³².
    fn plus(self, other: Self) -> Self;
    /// Turned to the left.
    fn turn(self, bits: u32) -> Self;
}

impl Lanes for u32 {
    #[inline(always)]
    fn all(word: u32) -> Self {
        word
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn turn(self, bits: u32) -> Self {
        self.rotate_left(bits)
    }
}

/// Two chains that do not wait for each other.
#[derive(Clone, Copy)]
pub struct Two(pub u32, pub u32);

impl Lanes for Two {
    #[inline(always)]
    fn all(word: u32) -> Self {
        Self(word, word)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(self.0.plus(other.0), self.1.plus(other.1))
    }

    #[inline(always)]
    fn turn(self, bits: u32) -> Self {
        Self(self.0.turn(bits), self.1.turn(bits))
    }
}

impl BitAnd for Two {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0, self.1 & other.1)
    }
}

impl BitOr for Two {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0, self.1 | other.1)
    }
}

impl BitXor for Two {
    type Output = Self;

    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        Self(self.0 ^ other.0, self.1 ^ other.1)
    }
}

impl Not for Two {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0, !self.1)
    }
}

// The four functions, added to a sum. `x` is the newest value: what does not need it comes first.

#[inline(always)]
fn f<L: Lanes>(sum: L, x: L, y: L, z: L) -> L {
    sum.plus(z ^ (x & (y ^ z)))
}

/// The two halves have no bit in common, so that they may be added one after the other.
#[inline(always)]
fn g<L: Lanes>(sum: L, x: L, y: L, z: L) -> L {
    sum.plus(y & !z).plus(x & z)
}

#[inline(always)]
fn h<L: Lanes>(sum: L, x: L, y: L, z: L) -> L {
    sum.plus(y ^ z ^ x)
}

#[inline(always)]
fn i<L: Lanes>(sum: L, x: L, y: L, z: L) -> L {
    sum.plus(y ^ (x | !z))
}

/// `floor(2³² × |sin(n + 1)|)`
#[rustfmt::skip]
static SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];
