import ArgumentParser
import Glibc

// A stream that is closed would give its number to the first file that is opened, and what is printed would go there.
for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
// A reader of standard output that has gone ends no run: results are stored, then the program ends as if all had been read.
signal(SIGPIPE, SIG_IGN)
CiyaoCommand.main()
if fflush(nil) != 0, errno != EPIPE {
    Messages.error("standard output: \(String(cString: strerror(errno)))")
    exit(74)
}
