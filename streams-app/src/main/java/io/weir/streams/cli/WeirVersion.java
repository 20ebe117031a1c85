package io.weir.streams.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version, from the manifest of the jar. */
final class WeirVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Weir.class.getPackage().getImplementationVersion())
            .orElse("(not from a jar)");
    return new String[] {"weir " + version + ", Java " + Runtime.version()};
  }
}
