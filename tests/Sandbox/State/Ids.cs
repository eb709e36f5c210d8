using System.Security.Cryptography;

namespace Sandbox.State;

public static class Ids
{
    private const string Base32Hex = "0123456789abcdefghijklmnopqrstuv";
    private const string Mailbox = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public static string Event() => RandomNumberGenerator.GetString(Base32Hex, 26);

    /// <summary>Graph's ids differ in upper and lower case only at times, so they must be compared exactly (§B2).</summary>
    public static string Item() => "AAMk" + RandomNumberGenerator.GetString(Mailbox, 36) + "=";

    public static string Calendar() => "c_" + RandomNumberGenerator.GetHexString(64, lowercase: true) + "@group.calendar.google.com";

    public static string Subject() => RandomNumberGenerator.GetString("123456789", 21);

    public static string Uuid() => Guid.NewGuid().ToString();
}
