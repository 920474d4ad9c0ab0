import java.util.List;
import java.util.Map;

public class BrokenTypes {
    record Order(int id, double amount, String country) {}

    static double total(List<Order> orders) {
        double sum = 0;
        for (Order order : orders) {
            sum += order.price();
        }
        return sum;
    }

    static Map<String, Double> byCountry(List<Order> orders) {
        String first = orders.get(0).id();
        int rate = "0.19";
        for (Order order : order) {
            total(order);
        }
    }

    public static void main(String[] arguments) {
        System.out.println(total(List.of(new Order(1, "12", "DE"))));
        unknown(arguments);
    }
}
