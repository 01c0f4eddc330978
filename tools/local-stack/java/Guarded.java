import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another main class for as long as the process that started this one lives.
 *
 * <p>Standard input is a pipe whose only other end is held by the parent: when the parent ends, even by SIGKILL, the
 * pipe closes and this virtual machine shuts down, at the latest after {@link #GRACE_MS}. No orphan stays behind, on
 * any operating system.
 *
 * <p>Usage: {@code java -cp … Guarded <main class> [arguments]}
 */
public final class Guarded {
  private static final long GRACE_MS = 4_000;
  private static final int ENDED_WITH_PARENT = 143;

  private Guarded() {}

  public static void main(String[] args) throws Throwable {
    Thread watch = new Thread(Guarded::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    Class<?> target = Class.forName(args[0]);
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    try {
      target.getMethod("main", String[].class).invoke(null, (Object) rest);
    } catch (java.lang.reflect.InvocationTargetException failure) {
      failure.getCause().printStackTrace();
      System.exit(1);
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent writes nothing; only the end of the stream matters.
      }
    } catch (IOException closed) {
      // A broken pipe means the same as its end.
    }
    Thread halt = new Thread(Guarded::haltAfterGrace, "parent-watch-halt");
    halt.setDaemon(true);
    halt.start();
    System.exit(ENDED_WITH_PARENT);
  }

  /** Runs beside the shutdown hooks, so that a hook that hangs cannot keep the process. */
  private static void haltAfterGrace() {
    try {
      Thread.sleep(GRACE_MS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ENDED_WITH_PARENT);
  }
}
