//! Marshalled target information.

use secur32::spi::target::TargetInformation;

/// What can be read can be written, and is read as the same.
pub fn target_information(data: &[u8]) {
    let (units, _) = data.as_chunks::<2>();
    let string: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let Ok((information, length)) = TargetInformation::unmarshal(&string) else { return };
    assert!(length <= string.len());
    let written = information.marshal().unwrap();
    assert_eq!(written.len(), length);
    assert_eq!(TargetInformation::unmarshal(&written).unwrap(), (information, length));
}
