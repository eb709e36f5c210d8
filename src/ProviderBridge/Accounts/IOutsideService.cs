using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Accounts;

/// <summary>The outside calendar of a link, opened; dispose it after use.</summary>
/// <param name="Calendar">The calendar.</param>
/// <param name="Client">The client that it is reached with.</param>
public sealed record OpenedCalendar(IOutsideCalendar Calendar, IDisposable? Client = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Client?.Dispose();
}

/// <summary>A calendar of an account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="MayWrite">Whether it can be changed: one that can be read only is no place for a link.</param>
public sealed record OutsidePlace(string Id, string Name, bool MayWrite);

/// <summary>A service in whose accounts this server keeps calendars. How its calendars are read and written is told by <see cref="IOutsideCalendar"/>.</summary>
public interface IOutsideService
{
    /// <summary>The name by which accounts and links are kept: <c>google</c>, <c>microsoft</c>, <c>caldav</c>.</summary>
    string Provider { get; }

    /// <summary>Opens the calendar of a link.</summary>
    /// <param name="link">The link.</param>
    /// <param name="zone">The practice's zone.</param>
    /// <param name="owners">Tells which of its events are which appointments'.</param>
    OpenedCalendar Open(Link link, DateTimeZone zone, EventOwners owners);

    /// <summary>Makes a calendar, and gives its id.</summary>
    /// <param name="account">In which account.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="zone">The practice's zone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OutsideException">The service did not.</exception>
    Task<string> CreateCalendarAsync(AccountKey account, string name, string zone, CancellationToken cancellationToken = default);

    /// <summary>Deletes a calendar with all that is in it; one that is gone is no failure.</summary>
    /// <exception cref="OutsideException">The service did not.</exception>
    Task DeleteCalendarAsync(AccountKey account, string calendarId, CancellationToken cancellationToken = default);

    /// <summary>The calendars of an account that a person may choose instead of a new one, and those that can be read only; none where only what is made here can be reached.</summary>
    /// <exception cref="OutsideException">The service did not list them.</exception>
    Task<IReadOnlyList<OutsidePlace>> ListCalendarsAsync(AccountKey account, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<OutsidePlace>>([]);

    /// <summary>Whether a calendar was made here: what a person chose among their own is never deleted.</summary>
    bool IsMadeHere(string calendarId) => true;

    /// <summary>Gives the access to an account back. False when it could not be: then only the person can take it away, at the service.</summary>
    Task<bool> EndAccessAsync(OutsideAccount account, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is in memory of the access to an account.</summary>
    void Forget(AccountKey account);
}
