using Calendaring.Store;

namespace Practice.Audit;

/// <summary>By what way somebody acted.</summary>
public enum ActorVia
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>The web pages.</summary>
    Web,

    /// <summary>A device with an app password.</summary>
    AppPassword,

    /// <summary>A link to an outside calendar.</summary>
    Link,

    /// <summary>A program that works in the diary by its API, as the practice does.</summary>
    Api,

    /// <summary>A command on the server.</summary>
    Command,

    /// <summary>The server by itself.</summary>
    Server,

    /// <summary>Somebody in Halaxy, whose diary this one mirrors.</summary>
    Halaxy,

    /// <summary>A one-time link, which was sent to the person or handed to them.</summary>
    OneTimeLink,
}

/// <summary>Who acted, and by what. Names of staff and devices only, never of patients. By its id what acted is found again, whatever it is called later.</summary>
/// <param name="Name">The person; the device or link when no person is known.</param>
/// <param name="Via">By what way.</param>
/// <param name="PersonId">The person's id, or null.</param>
/// <param name="DeviceId">Id of what they acted by: the app password, the link to an outside calendar, the web session, the one-time link, the connection to Halaxy; of what there is only one, its name. Never a secret.</param>
/// <param name="Device">What the person called the device or link, or null.</param>
/// <param name="Client">The program, e.g. <c>Thunderbird</c>, or null.</param>
public sealed record AuditActor(
    string Name, ActorVia Via, string? PersonId, string DeviceId, string? Device = null, string? Client = null)
{
    /// <summary>What names the browser on the pages, also where several use one session (one of <c>SessionBrowser</c>); null elsewhere. It is not in the log.</summary>
    public string? Browser { get; init; }

    /// <summary>The server by itself, e.g. when it renews a subscription.</summary>
    public static AuditActor Server { get; } = new("The server", ActorVia.Server, null, "server");

    /// <summary>Whoever runs commands on the server.</summary>
    public static AuditActor Command { get; } = new("The server's administrator", ActorVia.Command, null, "command");

    /// <summary>Somebody who is not signed in.</summary>
    public static AuditActor Anonymous { get; } = new("Somebody", ActorVia.Web, null, "anonymous");

    /// <summary>Somebody in Halaxy, where the practice keeps its diary.</summary>
    /// <param name="connectionId">What names the practice's connection to it.</param>
    public static AuditActor InHalaxy(string connectionId) => new("Halaxy", ActorVia.Halaxy, null, connectionId);

    /// <summary>A person on the web pages.</summary>
    /// <param name="person">The person.</param>
    /// <param name="sessionId">What names the session; not its secret.</param>
    public static AuditActor OnPages(Principal person, string sessionId)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new AuditActor(person.DisplayName, ActorVia.Web, person.Id, sessionId);
    }

    /// <summary>A person who is not signed in, and has a link that works once.</summary>
    /// <param name="person">The person.</param>
    /// <param name="linkId">What names the link: the hash of its secret.</param>
    public static AuditActor ByLink(Principal person, string linkId)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new AuditActor(person.DisplayName, ActorVia.OneTimeLink, person.Id, linkId);
    }

    /// <summary>A person by a program that works in the diary itself: what it does is done by the practice, and not outside.</summary>
    public static AuditActor OnApi(Principal person, Credential program) => OnDevice(person, program) with { Via = ActorVia.Api };

    /// <summary>A person by a device.</summary>
    public static AuditActor OnDevice(Principal person, Credential device, string? client = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(device);
        return new AuditActor(person.DisplayName, ActorVia.AppPassword, person.Id, device.Id, device.Label, client);
    }
}
