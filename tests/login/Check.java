import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Answers lines of a hash, a space and a password in base64 with yes or no. */
final class Check {
  public static void main(String[] arguments) throws Exception {
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", 2);
      String typed = new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8);
      System.out.println(Login.passwordMatches(words[0], typed) ? "yes" : "no");
    }
  }
}
