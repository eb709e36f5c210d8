namespace Sandbox.Halaxy;

/// <summary>What of the live service is not known, or may change: each is off until a person switches it on.</summary>
public static class HalaxySwitches
{
    /// <summary>The API makes appointments by POST, meetings too, and says so at metadata.</summary>
    public const string Create = "create";

    /// <summary>The API deletes appointments, and says so at metadata.</summary>
    public const string Delete = "delete";

    /// <summary>A patch takes a cancelled patient back to <c>booked</c>.</summary>
    public const string BackToBooked = "back-to-booked";

    /// <summary>A patch of the times is answered with 200, and nothing happens.</summary>
    public const string IgnoreTimes = "ignore-times";

    /// <summary>A patch of the comments is answered with 200, and nothing happens.</summary>
    public const string IgnoreComments = "ignore-comments";

    /// <summary>A patch of who takes part, or of a cancellation, is answered with 200, and nothing happens.</summary>
    public const string IgnoreParticipants = "ignore-participants";

    /// <summary>A patch replaces who takes part by what it says (RFC 7396 §2), and does not merge them by who they are.</summary>
    public const string ReplaceParticipants = "replace-participants";

    /// <summary>The API says at metadata that it makes appointments, and means bookings.</summary>
    public const string SayCreate = "say-create";

    /// <summary>What is booked or added is taken where the practitioner has another appointment.</summary>
    public const string DoubleBookings = "double-bookings";

    /// <summary>A booking leaves out the comments.</summary>
    public const string DropComments = "drop-comments";

    /// <summary>Comments that a program writes are kept in paragraphs of HTML, with single spaces, and with entities for signs.</summary>
    public const string ReformatComments = "reformat-comments";

    public static readonly IReadOnlyList<string> All = [Create, Delete, BackToBooked, IgnoreTimes, IgnoreComments, IgnoreParticipants, ReplaceParticipants, SayCreate, DoubleBookings, DropComments, ReformatComments];
}
