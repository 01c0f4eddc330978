import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.servlet.http.HttpServletRequest;
import org.apache.flume.Context;
import org.apache.flume.Event;
import org.apache.flume.event.EventBuilder;
import org.apache.flume.source.http.HTTPBadRequestException;
import org.apache.flume.source.http.HTTPSourceHandler;

/**
 * Takes one event as an object or several as an array, checks name and colour, and adds what the collector adds. The key makes
 * the events of one visitor stay in order.
 */
public final class EventHandler implements HTTPSourceHandler {
  private static final int LONGEST_NAME = 64;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Set<String> colors = Set.of(System.getenv("COLORS").split(","));

  @Override
  public void configure(Context context) {}

  @Override
  public List<Event> getEvents(HttpServletRequest request) throws Exception {
    List<Event> events = new ArrayList<>();
    String agent = request.getHeader("User-Agent");
    String now = TIME.format(Instant.now());
    try {
      JsonElement body = JsonParser.parseReader(request.getReader());
      if (body.isJsonObject()) {
        events.add(event(body.getAsJsonObject(), agent, now));
      } else {
        for (JsonElement each : body.getAsJsonArray()) {
          events.add(event(each.getAsJsonObject(), agent, now));
        }
      }
    } catch (RuntimeException invalid) {
      throw new HTTPBadRequestException("invalid event", invalid);
    }
    return events;
  }

  private Event event(JsonObject event, String agent, String now) {
    String name = event.get("user_name").getAsString();
    if (name.isEmpty() || name.length() > LONGEST_NAME || !colors.contains(event.get("color_name").getAsString())) {
      throw new IllegalArgumentException("name or colour");
    }
    event.addProperty("user_agent", agent);
    event.addProperty("received_at", now);
    byte[] body = event.toString().getBytes(StandardCharsets.UTF_8);
    return EventBuilder.withBody(body, Map.of("key", event.get("visitor_id").getAsString()));
  }
}
