package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schemas.Decision;
import io.weir.schemas.DomainRules;
import io.weir.schemas.LimitCheck;
import io.weir.schemas.RequestEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegisteredFormTest {

  static Stream<Schema> generated() {
    return Stream.of(
        RequestEvent.getClassSchema(),
        Decision.getClassSchema(),
        DomainRules.getClassSchema(),
        LimitCheck.getClassSchema());
  }

  @ParameterizedTest
  @MethodSource("generated")
  void whatIsRegisteredIsWhatStandsInTheFile(Schema generated) throws IOException {
    Path file = Path.of("..", "schemas", "src", "main", "avro", generated.getName() + ".avsc");

    assertThat(RegisteredForm.of(generated).toString())
        .isEqualTo(new Schema.Parser().parse(file.toFile()).toString());
  }
}
