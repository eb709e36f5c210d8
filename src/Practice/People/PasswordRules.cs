using Calendaring.Store;
using Practice.Groups;

namespace Practice.People;

/// <summary>What a password for the pages must be: long, and none of those that everybody tries first.</summary>
public static class PasswordRules
{
    /// <summary>The shortest that is taken, in characters.</summary>
    public const int MinLength = 10;

    private const int MaxLength = 500;
    private const int FewCharacters = 4;

    // of the lists of the most used passwords, those that are long enough; digits and marks at the end of one are no better
    private static readonly string[] Common =
    [
        "password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "passwordpassword", "mypassword", "newpassword", "changeme", "changemenow", "letmein", "letmeinnow", "letmeinplease",
        "qwerty", "qwertyuiop", "qwertyuiopasdfghjkl", "qwertzuiop", "qazwsxedc", "1qaz2wsx3edc", "1q2w3e4r5t", "1q2w3e4r5t6y", "q1w2e3r4t5", "q1w2e3r4t5y6", "zaq12wsxcde3",
        "asdfghjkl", "zxcvbnm", "abcdefghij", "abcdefghijk", "abcd1234", "abc123", "a1b2c3d4e5", "iloveyou", "iloveyouforever", "welcome", "welcometothejungle", "administrator", "superman",
        "spiderman", "princess", "sunshine", "football", "baseball", "basketball", "trustno1", "starwars", "whatever", "computer", "internet", "australia", "melbourne", "liverpool", "manchester",
        "collingwood", "halaxy", "calendar", "calendarsync", "practice", "psychology", "psychologist", "physiotherapy", "physiotherapist",
    ];

    private static readonly HashSet<string> Stems = new(Common, StringComparer.Ordinal);

    /// <summary>Why a password is not taken, as a sentence; null when it is.</summary>
    public static string? Problem(string password, Principal person)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(person);
        if (password.Length < MinLength) return $"Use at least {MinLength} characters. A few words in a row make a good password.";
        if (password.Length > MaxLength) return $"Use at most {MaxLength} characters.";
        var plain = password.Trim().ToLowerInvariant();
        if (IsOf(plain, person.Login) || IsOf(plain, person.Email) || IsOf(plain, person.DisplayName)) return "Use something other than your name, login or e-mail address.";
        if (plain.Distinct().Count() < FewCharacters || IsRun(plain) || Stems.Contains(plain) || Stems.Contains(plain.TrimEnd([.. "0123456789!?.#*"])))
            return "This is one of the passwords that are guessed first. Use something only you would think of.";
        return null;
    }

    private static bool IsOf(string plain, string? word) =>
        word is not null && new[] { word, word.Split('@')[0], word.Replace(" ", "", StringComparison.Ordinal) }.Any(form => plain == LoginName.Normalise(form));

    // 1234567890, abcdefghij, 9876543210
    private static bool IsRun(string plain) =>
        plain.Zip(plain.Skip(1), (first, second) => second - first).Distinct().ToList() is [1 or -1] or [1, '0' - '9'] or ['9' - '0', -1];
}
