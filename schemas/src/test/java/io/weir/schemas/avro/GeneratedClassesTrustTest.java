package io.weir.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;

class GeneratedClassesTrustTest {

  @Test
  void aRecordIsBuiltWrittenAndReadWithoutAnySystemProperty() throws IOException {
    RequestEvent event =
        RequestEvent.newBuilder()
            .setRequestId("r-1")
            .setDomain("api")
            .setAttributes(Map.of("user_id", "42"))
            .build();

    assertThat(event.getOperation()).isEqualTo(Operation.CHECK);
    assertThat(RequestEvent.fromByteBuffer(event.toByteBuffer())).isEqualTo(event);
  }

  @Test
  void noOtherClassIsTrustedBecauseOfThat() {
    RequestEvent.getClassSchema();

    assertThatThrownBy(() -> ClassSecurityValidator.validate(GeneratedClassesTrust.class))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> ClassSecurityValidator.validate(ProcessBuilder.class))
        .isInstanceOf(SecurityException.class);
  }
}
