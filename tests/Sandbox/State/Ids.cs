using System.Security.Cryptography;

namespace Sandbox.State;

public static class Ids
{
    private const string Base32Hex = "0123456789abcdefghijklmnopqrstuv";
    private const string Mailbox = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private const string MailboxKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>What the ids of what is made in a request are drawn from; null: from nothing that could be drawn again.</summary>
    private static readonly AsyncLocal<Random?> From = new();

    /// <summary>Draws the ids of what the rest of a request makes.</summary>
    public static void DrawFrom(Random random) => From.Value = random;

    public static string Event() => Draw(Base32Hex, 26);

    /// <summary>Graph's ids differ in upper and lower case only at times, so they must be compared exactly (§B2).</summary>
    public static string Item() => "AAMk" + Draw(Mailbox, 36) + "=";

    /// <summary>What Graph's ids of one event, by whichever of its ids it is asked for, are made of.</summary>
    public static string Key() => Draw(MailboxKey, 40);

    /// <summary>An iCalUId as Exchange makes it.</summary>
    public static string MailboxUid() => "040000008200E00074C5B7101A82E008" + Draw("0123456789ABCDEF", 32);

    public static string Calendar() => "c_" + Draw("0123456789abcdef", 64) + "@group.calendar.google.com";

    public static string Subject() => Draw("123456789", 21);

    public static string Uuid() => Guid.NewGuid().ToString();

    private static string Draw(string characters, int length)
    {
        if (From.Value is not { } random) return RandomNumberGenerator.GetString(characters, length);
        lock (random) return random.GetString(characters, length);
    }
}
