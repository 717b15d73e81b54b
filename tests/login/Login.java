import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

final class Login {
  /** Whether the password that was typed is the one whose hash is stored. */
  static boolean passwordMatches(String stored, String typed) throws GeneralSecurityException {
    String normalised = Normalizer.normalize(typed, Normalizer.Form.NFC);
    byte[] password = normalised.getBytes(StandardCharsets.UTF_8);
    String[] parts = stored.split("\\$");
    if (stored.startsWith("$argon2id$v=19$")) {
      int[] cost = numbers(parts[3]);
      Argon2Parameters parameters =
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(cost[0])
              .withIterations(cost[1])
              .withParallelism(cost[2])
              .withSalt(Base64.getDecoder().decode(parts[4]))
              .build();
      byte[] found = new byte[32];
      Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
      argon2.init(parameters);
      argon2.generateBytes(password, found);
      return MessageDigest.isEqual(found, Base64.getDecoder().decode(parts[5]));
    }
    if (stored.startsWith("$2b$")) {
      // bcrypt looks at the first 72 bytes and lets the rest be anything.
      return password.length <= 72 && OpenBSDBCrypt.checkPassword(stored, password);
    }
    if (stored.startsWith("$scrypt$")) {
      int[] cost = numbers(parts[2]);
      byte[] salt = Base64.getDecoder().decode(parts[3]);
      byte[] found = SCrypt.generate(password, salt, 1 << cost[0], cost[1], cost[2], 32);
      return MessageDigest.isEqual(found, Base64.getDecoder().decode(parts[4]));
    }
    if (stored.startsWith("pbkdf2_sha256$")) {
      byte[] salt = parts[2].getBytes(StandardCharsets.UTF_8);
      int iterations = Integer.parseInt(parts[1]);
      PBEKeySpec spec = new PBEKeySpec(normalised.toCharArray(), salt, iterations, 256);
      byte[] found =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return MessageDigest.isEqual(found, Base64.getDecoder().decode(parts[3]));
    }
    return false;
  }

  /** The values of "m=19456,t=2,p=1". */
  private static int[] numbers(String cost) {
    String[] values = cost.replaceAll("[a-z]+=", "").split(",");
    return java.util.Arrays.stream(values).mapToInt(Integer::parseInt).toArray();
  }
}
