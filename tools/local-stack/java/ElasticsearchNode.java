import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One Elasticsearch node from the jars on Maven Central, where neither the distribution's launcher nor its entitlement
 * agent is published.
 *
 * <p>Usage: {@code java … ElasticsearchNode <home>}; the home holds {@code config/} and {@code modules/}.
 */
public final class ElasticsearchNode {
  private static final long CLOSE_SECONDS = 20;

  private ElasticsearchNode() {}

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    LogConfigurator.registerErrorListener();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            Settings.builder().put("path.home", home.toString()).build(),
            Map.of(),
            home.resolve("config"),
            () -> "local");
    LogConfigurator.setNodeName("local");
    LogConfigurator.configure(environment, true);
    PluginsLoader plugins =
        PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(home.resolve("modules"), false), Set.of(), Map.of(), false);
    Node node = new Node(environment, plugins);
    CountDownLatch running = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, running), "close-node"));
    node.start();
    running.await();
  }

  private static void close(Node node, CountDownLatch running) {
    try {
      node.prepareForClose();
      node.close();
      node.awaitClose(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception failure) {
      failure.printStackTrace();
    } finally {
      running.countDown();
    }
  }
}
