package io.weir.streams.cli.traffic;

import io.weir.limiter.words.Spans;
import io.weir.schemas.Decision;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Sends a request that takes no tokens, and tells what became of it. */
record CorrectionRun(Correction correction, CorrectionOptions options, CommandLine command) {

  /**
   * Does it.
   *
   * @return the answer that says so; empty where none is waited for
   * @throws io.weir.streams.cli.CommandFailure if it was not done, or nobody knows
   */
  Optional<Decision> run(Settings settings, RequestEvent request) {
    Optional<Duration> patience = options.patience();
    if (patience.isPresent()) {
      Decision answer = ask(settings, request, patience.get());
      tell(request, answer);
      return Optional.of(answer);
    }
    Arrival arrival = send(settings, request);
    if (options.json()) {
      Json.print(out(), arrival);
    } else {
      out()
          .println(
              "sent " + correction.noun() + " " + arrival.requestId() + " to " + arrival.topic());
      out().flush();
    }
    return Optional.empty();
  }

  private Decision ask(Settings settings, RequestEvent request, Duration patience) {
    String topic = settings.get(WeirSettings.TOPIC_DECISIONS);
    try (Deserializer<Decision> decisions =
            ValueSerdes.impatient(settings).forValues(Decision.class).deserializer();
        TopicReader reader =
            Patience.withKafka(settings, err())
                .during(() -> TopicReader.openAtEnd(settings.consumerProperties(), topic))) {
      send(settings, request);
      List<Decision> answers = new ArrayList<>();
      DecisionWatch watch =
          new DecisionWatch(
              decisions,
              decision -> correction.isAnswered(request, decision),
              Optional.of(1L),
              Optional.of(patience),
              InstantSource.system(),
              () -> false,
              this::warn);
      Patience.withAnswer(settings, topic, err()).during(() -> watch.run(reader, answers::add));
      return answers.stream()
          .findFirst()
          .orElseThrow(
              () ->
                  correction.unanswered(
                      request.getRequestId(), topic, Spans.brief(patience.toMillis())));
    }
  }

  private Arrival send(Settings settings, RequestEvent request) {
    RequestsTopic topic = new RequestsTopic(settings);
    Patience patience = Patience.withBoth(settings, err());
    Function<RequestEvent, Optional<String>> keys = patience.during(topic::keys);
    AtomicReference<@Nullable Arrival> arrival = new AtomicReference<>();
    try (Producer<@Nullable String, RequestEvent> producer = topic.producer()) {
      RequestSender sender =
          new RequestSender(
              producer,
              topic.name(),
              keys,
              (sent, metadata) -> arrival.set(Arrival.of(sent, metadata)));
      return patience.during(
          () -> {
            sender.send(request);
            sender.finish();
            return Optional.ofNullable(arrival.get()).orElseThrow();
          });
    }
  }

  private void tell(RequestEvent request, Decision answer) {
    if (options.json()) {
      out().println(AvroJson.of(answer));
      out().flush();
    }
    correction.requireDone(answer);
    if (answer.getDuplicate()) {
      warn(correction.repeated(answer));
    }
    if (!options.json()) {
      new CorrectionText(out(), command.getColorScheme().ansi()).print(request, answer);
    }
  }

  private void warn(String sentence) {
    err().println("warning: " + sentence);
    err().flush();
  }

  private PrintWriter out() {
    return command.getOut();
  }

  private PrintWriter err() {
    return command.getErr();
  }
}
