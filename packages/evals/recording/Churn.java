import java.util.ArrayList;
import java.util.List;

/** Makes garbage, so that the collector has something to log. */
public class Churn {
    public static void main(String[] arguments) {
        List<byte[]> kept = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            byte[] block = new byte[64 * 1024];
            if (i % 40 == 0) {
                kept.add(block);
            }
        }
        System.out.println(kept.size() + " blocks kept");
        if (kept.size() > 99) {
            throw new IllegalStateException("more blocks than the report may hold: " + kept.size());
        }
    }
}
