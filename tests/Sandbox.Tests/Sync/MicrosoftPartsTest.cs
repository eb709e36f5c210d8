namespace Sandbox.Tests.Sync;

/// <summary>A series for which Microsoft has no pattern.</summary>
public abstract class MicrosoftPartsTest
{
    private protected const string Uid = "in-parts";
    private protected const string Zone = "TZID=Australia/Melbourne";
    private protected static readonly string[] Times = [$"DTSTART;{Zone}:20260303T100000", $"DTEND;{Zone}:20260303T104500"];

    /// <summary>The 3rd and the 17th of each month: six times.</summary>
    private protected static readonly string[] TwoDays = [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6"];
}
