using System.Text.Json.Nodes;
using Sandbox.State;

namespace Sandbox.UserApi;

/// <summary>What a person can do in the vendor's own calendar. An event's id may be that of one occurrence.</summary>
public interface IPerson
{
    string Vendor { get; }

    JsonObject AddCalendar(Account account, string name);

    JsonObject Create(CalendarRow calendar, JsonObject wish);

    /// <summary>Moves an event, a whole series, or one occurrence.</summary>
    JsonObject Move(CalendarRow calendar, string id, string start, string end);

    JsonObject MoveFollowing(CalendarRow calendar, string occurrence, string start, string end);

    JsonObject Edit(CalendarRow calendar, string id, JsonObject changes);

    /// <summary>The change that gives an event another title.</summary>
    JsonObject Titled(string title);

    JsonObject Copy(CalendarRow calendar, string id);

    void Delete(CalendarRow calendar, string id);

    void DeleteFollowing(CalendarRow calendar, string occurrence);

    /// <summary>Brings back from the bin what was deleted.</summary>
    JsonObject Restore(CalendarRow calendar, string id);

    void DeleteCalendar(CalendarRow calendar);

    string Name(CalendarRow calendar);

    /// <summary>Everything in it, occurrence by occurrence, as the person sees it; deleted ones too.</summary>
    IReadOnlyList<Seen> Look(CalendarRow calendar);
}

/// <summary>One line of a calendar as a person sees it; an occurrence names its series.</summary>
public sealed record Seen(string Id, string Title, string Start, string End, string? Series, bool Live);
