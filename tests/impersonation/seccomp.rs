//! A kernel that refuses a system call to the calling thread.

/// From now on `call` fails with EPERM when its argument of this index is this value.
pub fn refuse(call: libc::c_long, argument: usize, value: u32) {
    // struct seccomp_data: the number, the architecture, the instruction, six arguments.
    let at = u32::try_from(16 + 8 * argument).unwrap();
    let step =
        |code: u32, jt, jf, k| libc::sock_filter { code: u16::try_from(code).unwrap(), jt, jf, k };
    let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    let equal = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
    let give = libc::BPF_RET | libc::BPF_K;
    let mut filter = [
        step(load, 0, 0, 0),
        step(equal, 0, 3, u32::try_from(call).unwrap()),
        step(load, 0, 0, at),
        step(equal, 0, 1, value),
        step(give, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM.unsigned_abs()),
        step(give, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: 6, filter: filter.as_mut_ptr() };
    // SAFETY: the program lives; it holds for this thread alone.
    let result =
        unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) };
    assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
}
