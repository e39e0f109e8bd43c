//! This test program again, as another process: with an environment of its own, or another user.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Names the test that a process was started for.
pub const PART: &str = "SECUR32_TEST_PART";

/// Whether this process was started for this test.
pub fn is_part(name: &str) -> bool {
    std::env::var_os(PART).is_some_and(|part| part == name)
}

/// Runs a test in a process of its own: true in there; elsewhere it waits for that process and
/// judges it.
pub fn alone(name: &str) -> bool {
    alone_with(name, |_| {})
}

/// [`alone`], with an environment that is prepared.
pub fn alone_with(name: &str, prepare: impl FnOnce(&mut Command)) -> bool {
    if is_part(name) {
        return true;
    }
    let mut command = part(name);
    prepare(&mut command);
    let said = run(command, &[]);
    assert!(said.success && said.output.contains("1 passed"), "{}", said.output);
    false
}

/// This program, to run one test of it.
pub fn part(name: &str) -> Command {
    part_of(&std::env::current_exe().unwrap(), name)
}

/// A copy of this program.
pub fn part_of(program: &Path, name: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]);
    command.env(PART, name).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a process said.
pub struct Said {
    pub success: bool,
    pub output: String,
}

/// Runs a process with this input, for a bounded time.
pub fn run(mut command: Command, input: &[u8]) -> Said {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        // A process that does not read its input is judged by what it says.
        let _ = stdin.write_all(&input);
    });
    let mut streams: [Box<dyn Read + Send>; 2] =
        [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
    let readers = streams.each_mut().map(|stream| {
        let mut stream = std::mem::replace(stream, Box::new(std::io::empty()));
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })
    });
    let end = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > end {
            child.kill().unwrap();
            break child.wait().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    feeder.join().unwrap();
    let output = readers.map(|reader| reader.join().unwrap()).concat();
    Said { success: status.success(), output }
}
