package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ScanThreadTest {
  @Test
  void oneThreadThatKeepsNoProcessAliveDoesOneAfterTheOther() {
    ScanThread scans = ScanThread.create();
    List<Thread> threads = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 3; i++) {
      scans.execute(() -> threads.add(Thread.currentThread()));
    }
    await().until(() -> threads.size() == 3);
    assertThat(threads).containsOnly(threads.get(0)).doesNotContain(Thread.currentThread());
    assertThat(threads.get(0).isDaemon()).isTrue();
  }
}
