import java.util.List;
import java.util.stream.Collectors;

public class Chain {
    static class OrderFailed extends RuntimeException {
        OrderFailed(String message, Throwable cause) { super(message, cause); }
    }

    static int rate(String country) {
        return java.util.Map.of("DE", 19, "FR", 20).get(country);
    }

    static int price(String country) {
        try {
            return 100 + rate(country);
        } catch (NullPointerException e) {
            throw new IllegalStateException("no rate for " + country, e);
        }
    }

    static List<Integer> prices(List<String> countries) {
        return countries.stream().map(Chain::price).collect(Collectors.toList());
    }

    static void order(int id) {
        try {
            prices(List.of("DE", "FR", "NO"));
        } catch (IllegalStateException e) {
            throw new OrderFailed("order " + id + " was not placed", e);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Thread worker = new Thread(() -> List.of(217).forEach(Chain::order), "checkout-3");
        worker.start();
        worker.join();
        descend(2000000);
    }

    static int descend(int depth) { return 1 + descend(depth - 1); }
}
