//! Handle tables: objects are looked up by index and generation, never dereferenced.
//!
//! A look-up takes the lock of its own slot only, for the time of cloning a reference, so that
//! no call on another object can delay it. Insertion and removal take the lock of one of several
//! shards.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

const SHARDS: usize = 8;
/// Slots of a shard's first chunk; each further chunk has twice as many as the one before.
const FIRST_CHUNK: usize = 256;
const CHUNKS: usize = 13;
/// All chunks together.
const CAPACITY: usize = FIRST_CHUNK * ((1 << CHUNKS) - 1);

/// Names an object of a [`Table`]: an index and the generation of its slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(u64);

impl Key {
    /// The number that a handle carries; never 0 and never all ones.
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// Any number is a key; whether it names something the table decides.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    const fn new(shard: usize, index: usize, generation: u32) -> Self {
        Self(((generation as u64) << 32) | ((index * SHARDS + shard) as u64))
    }

    const fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }

    const fn shard(self) -> usize {
        (self.0 as u32 as usize) % SHARDS
    }

    const fn index(self) -> usize {
        (self.0 as u32 as usize) / SHARDS
    }
}

/// What a key names.
#[derive(Debug)]
pub enum Found<T> {
    /// A living object.
    Alive(Arc<T>),
    /// An object that was there once and was removed.
    Removed,
    /// Nothing, and never anything.
    Never,
}

impl<T> Found<T> {
    /// The living object.
    pub fn alive(self) -> Option<Arc<T>> {
        match self {
            Self::Alive(object) => Some(object),
            Self::Removed | Self::Never => None,
        }
    }
}

/// A table of shared objects.
pub struct Table<T> {
    shards: [Shard<T>; SHARDS],
    next_shard: AtomicUsize,
}

struct Shard<T> {
    /// Chunks are made once and stay, so that reaching a slot takes no lock.
    chunks: [OnceLock<Box<[Slot<T>]>>; CHUNKS],
    free: Mutex<FreeList>,
}

#[derive(Default)]
struct FreeList {
    indices: Vec<usize>,
    /// The first index that was never used.
    fresh: usize,
}

type Slot<T> = RwLock<Occupancy<T>>;

struct Occupancy<T> {
    /// Of the object that is there, or of the next one.
    generation: u32,
    object: Option<Arc<T>>,
}

impl<T> Table<T> {
    /// An empty table.
    pub const fn new() -> Self {
        Self { shards: [const { Shard::new() }; SHARDS], next_shard: AtomicUsize::new(0) }
    }

    /// Takes an object in; `None` when the table is full.
    pub fn insert(&self, object: T) -> Option<Key> {
        let first = self.next_shard.fetch_add(1, Ordering::Relaxed);
        (0..SHARDS).map(|offset| first.wrapping_add(offset) % SHARDS).find_map({
            let mut object = Some(Arc::new(object));
            move |number| {
                let shard = &self.shards[number];
                let index = shard.reserve()?;
                let slot = shard.slot(index)?;
                let mut occupancy = slot.write().unwrap_or_else(PoisonError::into_inner);
                occupancy.object = object.take();
                Some(Key::new(number, index, occupancy.generation))
            }
        })
    }

    /// What the key names.
    pub fn find(&self, key: Key) -> Found<T> {
        let shard = &self.shards[key.shard()];
        let Some(slot) = shard.existing_slot(key.index()) else { return Found::Never };
        let occupancy = slot.read().unwrap_or_else(PoisonError::into_inner);
        match &occupancy.object {
            Some(object) if occupancy.generation == key.generation() => {
                Found::Alive(Arc::clone(object))
            }
            _ if occupancy.was_given_out(key.generation()) => Found::Removed,
            _ => Found::Never,
        }
    }

    /// The living object of a key.
    pub fn get(&self, key: Key) -> Option<Arc<T>> {
        self.find(key).alive()
    }

    /// Takes the object out. Others who hold a reference keep it.
    pub fn remove(&self, key: Key) -> Found<T> {
        let shard = &self.shards[key.shard()];
        let Some(slot) = shard.existing_slot(key.index()) else { return Found::Never };
        let mut occupancy = slot.write().unwrap_or_else(PoisonError::into_inner);
        if occupancy.generation != key.generation() {
            let removed = occupancy.was_given_out(key.generation());
            return if removed { Found::Removed } else { Found::Never };
        }
        let Some(object) = occupancy.object.take() else { return Found::Never };
        occupancy.generation += 1;
        let reusable = occupancy.generation < u32::MAX;
        drop(occupancy);
        if reusable {
            shard.free_list().indices.push(key.index());
        }
        Found::Alive(object)
    }

    /// Puts another object in the place of `old`, if that is still there: the key goes on to be
    /// good, and whoever holds `old` keeps it.
    pub fn replace(&self, key: Key, old: &Arc<T>, new: T) -> bool {
        let shard = &self.shards[key.shard()];
        let Some(slot) = shard.existing_slot(key.index()) else { return false };
        let new = Arc::new(new);
        let mut occupancy = slot.write().unwrap_or_else(PoisonError::into_inner);
        let there = occupancy.object.as_ref().is_some_and(|object| Arc::ptr_eq(object, old));
        if there && occupancy.generation == key.generation() {
            occupancy.object = Some(new);
            return true;
        }
        false
    }

    /// How many objects are there: for tests and diagnosis.
    pub fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| {
                let free = shard.free_list();
                free.fresh - free.indices.len()
            })
            .sum()
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Occupancy<T> {
    /// Generations begin at 1 and grow at each removal.
    const fn was_given_out(&self, generation: u32) -> bool {
        generation != 0 && generation < self.generation
    }
}

impl<T> Shard<T> {
    const fn new() -> Self {
        Self {
            chunks: [const { OnceLock::new() }; CHUNKS],
            free: Mutex::new(FreeList { indices: Vec::new(), fresh: 0 }),
        }
    }

    fn free_list(&self) -> MutexGuard<'_, FreeList> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(&self) -> Option<usize> {
        let mut free = self.free_list();
        if let Some(index) = free.indices.pop() {
            return Some(index);
        }
        let index = free.fresh;
        (index < CAPACITY).then(|| {
            free.fresh += 1;
            index
        })
    }

    fn slot(&self, index: usize) -> Option<&Slot<T>> {
        let (number, offset) = place(index)?;
        let empty = || RwLock::new(Occupancy { generation: 1, object: None });
        let chunk = self.chunks.get(number)?;
        let slots = chunk.get_or_init(|| (0..FIRST_CHUNK << number).map(|_| empty()).collect());
        slots.get(offset)
    }

    fn existing_slot(&self, index: usize) -> Option<&Slot<T>> {
        let (number, offset) = place(index)?;
        self.chunks.get(number)?.get()?.get(offset)
    }
}

/// The chunk of an index, and the slot within it.
fn place(index: usize) -> Option<(usize, usize)> {
    if index >= CAPACITY {
        return None;
    }
    let number = ((index + FIRST_CHUNK) / FIRST_CHUNK).ilog2() as usize;
    Some((number, index + FIRST_CHUNK - (FIRST_CHUNK << number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_key_is_never_alive_again() {
        let table = Table::new();
        let first = table.insert("first").unwrap();
        assert_eq!(*table.get(first).unwrap(), "first");
        assert!(matches!(table.remove(first), Found::Alive(_)));
        assert!(matches!(table.find(first), Found::Removed));
        assert!(matches!(table.remove(first), Found::Removed));
        for _ in 0..100 {
            let other = table.insert("other").unwrap();
            assert_ne!(other, first);
            assert!(matches!(table.find(first), Found::Removed));
            table.remove(other);
        }
        assert!(table.is_empty());
    }

    #[test]
    fn a_replaced_object_keeps_its_key_and_its_holders() {
        let table = Table::new();
        let key = table.insert("first").unwrap();
        let first = table.get(key).unwrap();
        assert!(table.replace(key, &first, "second"));
        assert_eq!((*first, *table.get(key).unwrap()), ("first", "second"));
        // It is no longer there, so that nothing takes its place again.
        assert!(!table.replace(key, &first, "third"));
        let second = table.get(key).unwrap();
        table.remove(key);
        assert!(!table.replace(key, &second, "third"));
        assert!(table.get(key).is_none() && table.is_empty());
    }

    #[test]
    fn every_index_has_its_own_place() {
        assert_eq!(place(0), Some((0, 0)));
        assert_eq!(place(255), Some((0, 255)));
        assert_eq!(place(256), Some((1, 0)));
        assert_eq!(place(767), Some((1, 511)));
        assert_eq!(place(768), Some((2, 0)));
        assert_eq!(place(CAPACITY - 1), Some((12, (FIRST_CHUNK << 12) - 1)));
        assert_eq!(place(CAPACITY), None);
    }

    #[test]
    fn b1_forged_keys_name_nothing() {
        let table = Table::new();
        let key = table.insert(1).unwrap();
        for bits in [0, u64::MAX, u64::MAX - 1, 1, 1 << 32] {
            if bits != key.to_bits() {
                assert!(table.get(Key::from_bits(bits)).is_none(), "{bits:#x}");
            }
        }
        for bit in 0..64 {
            assert!(table.get(Key::from_bits(key.to_bits() ^ (1 << bit))).is_none(), "{bit}");
        }
    }

    #[test]
    fn threads_do_not_mix_objects_up() {
        let table = Table::new();
        std::thread::scope(|scope| {
            for thread in 0..8_u32 {
                let table = &table;
                scope.spawn(move || {
                    for round in 0..2_000_u32 {
                        let key = table.insert((thread, round)).unwrap();
                        assert_eq!(*table.get(key).unwrap(), (thread, round));
                        assert!(table.remove(key).alive().is_some());
                        assert!(table.get(key).is_none());
                    }
                });
            }
        });
        assert!(table.is_empty());
    }
}
