import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Runs SQL statements with a Hive inside this virtual machine. Prints each result set: the line {@code #} and the column
 * names, then its rows, all tab-separated.
 *
 * <p>Usage: {@code HiveScript <folder with hive-site.xml> <file of statements, each ended by ; at the end of a line>}
 */
public final class HiveScript {
  private HiveScript() {}

  public static void main(String[] args) throws Exception {
    findSettingsIn(Path.of(args[0]));
    try (Connection hive = DriverManager.getConnection("jdbc:hive2:///", "", "")) {
      for (String statement : Files.readString(Path.of(args[1])).split(";[ \\t]*(\\r?\\n|$)")) {
        if (!withoutComments(statement).isBlank()) run(hive, withoutComments(statement));
      }
    } catch (SQLException failure) {
      failure.printStackTrace();
      System.exit(1);
    }
    // Threads of Hive would keep the virtual machine.
    System.exit(0);
  }

  /** Hive asks the context class loader; on the class path itself a folder would cost the class archive. */
  private static void findSettingsIn(Path folder) throws MalformedURLException {
    Thread thread = Thread.currentThread();
    URL[] urls = {folder.toUri().toURL()};
    thread.setContextClassLoader(new URLClassLoader(urls, thread.getContextClassLoader()));
  }

  private static String withoutComments(String statement) {
    return statement.replaceAll("(?m)^\\s*--.*$", "").strip();
  }

  private static void run(Connection hive, String sql) throws SQLException {
    try (Statement statement = hive.createStatement()) {
      if (!statement.execute(sql)) return;
      try (ResultSet rows = statement.getResultSet()) {
        int columns = rows.getMetaData().getColumnCount();
        StringBuilder line = new StringBuilder("#");
        for (int column = 1; column <= columns; column++) line.append('\t').append(rows.getMetaData().getColumnLabel(column));
        System.out.println(line);
        while (rows.next()) {
          line.setLength(0);
          for (int column = 1; column <= columns; column++) line.append(column > 1 ? "\t" : "").append(rows.getString(column));
          System.out.println(line);
        }
      }
    }
  }
}
