namespace Sandbox;

/// <summary>The years that the stand-ins know: from Windows' first to Outlook's last (§B6: 4500 is "no end"). What lies outside is refused.</summary>
public static class Years
{
    public const int Last = 4500;

    public static bool Hold(int year) => year is >= 1601 and <= Last;
}
