using System.Text.Json;
using System.Text.Json.Serialization;
using Calendaring.Store;
using NodaTime;

namespace Practice.Audit;

/// <summary>One line of an audit log: who did what, when, by what device, to which appointment or about whom. No content, ever.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The person; the device or link when no person is known.</param>
/// <param name="Action">What.</param>
/// <param name="AppointmentId">The appointment's UID, or null.</param>
/// <param name="Occurrence">The occurrence concerned, in the series' own local time, or null for the whole.</param>
public sealed record AuditEntry(Instant At, string Who, AuditAction Action, string? AppointmentId = null, LocalDateTime? Occurrence = null)
{
    /// <summary>Whether it is about that occurrence and all that follow.</summary>
    public bool AndFollowing { get; init; }

    /// <summary>By what way.</summary>
    public ActorVia Via { get; init; }

    /// <summary>Id of the person who did it, or null.</summary>
    public string? PersonId { get; init; }

    /// <summary>Id of what it was done by (<see cref="AuditActor.DeviceId"/>); null in lines that are older than that.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What the person called the device or link, or null.</summary>
    public string? Device { get; init; }

    /// <summary>The program on the device, or null.</summary>
    public string? Client { get; init; }

    /// <summary>Id of the person whom it concerns, when that is somebody else.</summary>
    public string? About { get; init; }

    /// <summary>Id of the app password that it concerns, or null.</summary>
    public string? AppPassword { get; init; }

    /// <summary>What its owner called the app password at the time, or null.</summary>
    public string? AppPasswordLabel { get; init; }

    /// <summary>Id of what was split off by it, or null.</summary>
    public string? Rest { get; init; }

    /// <summary>What a device wanted that was refused.</summary>
    public AuditAction Wanted { get; init; }

    /// <summary>Why it was refused: a sentence without content; or null.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was before, where the times were changed or it was taken out; else null.</summary>
    public AuditSpan? Before { get; init; }

    /// <summary>When it was afterwards, where the times were changed; else null.</summary>
    public AuditSpan? After { get; init; }

    /// <summary>Its status before, where that was changed; else null.</summary>
    public string? StatusBefore { get; init; }

    /// <summary>Its status afterwards, where that was changed; else null.</summary>
    public string? StatusAfter { get; init; }

    /// <summary>Whether it was done outside the diary, by a device or link.</summary>
    [JsonIgnore]
    public bool IsByDevice => Via is ActorVia.AppPassword or ActorVia.Link;

    /// <summary>The line with the times before and after, where they differ.</summary>
    internal AuditEntry WithTimes((Instant From, Instant Until) before, (Instant From, Instant Until) after) =>
        WithTimes(new AuditSpan(before.From, before.Until), new AuditSpan(after.From, after.Until));

    /// <inheritdoc cref="WithTimes(ValueTuple{Instant, Instant}, ValueTuple{Instant, Instant})"/>
    internal AuditEntry WithTimes(AuditSpan? before, AuditSpan? after) => before is null || after is null || before == after ? this : this with { Before = before, After = after };

    /// <summary>The line with the status before and after, where they differ.</summary>
    internal AuditEntry WithStatus(Enum before, Enum after) => before.Equals(after) ? this : this with { StatusBefore = before.ToString(), StatusAfter = after.ToString() };

    /// <summary>A line of who acted.</summary>
    internal static AuditEntry By(AuditActor actor, Instant at, AuditAction action) => new(at, actor.Name, action)
    {
        Via = actor.Via,
        PersonId = actor.PersonId,
        DeviceId = actor.DeviceId,
        Device = actor.Device,
        Client = actor.Client,
    };

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, AuditJson.Default.AuditEntry);

    /// <summary>Reads a line's document; null when the line is erased, is the store's own or cannot be read, e.g. of an action that a later version knows.</summary>
    internal static AuditEntry? Read(LogLine line)
    {
        if (line.Erased || LogStatement.Is(line.Document.Span)) return null;
        try
        {
            return JsonSerializer.Deserialize(line.Document.Span, AuditJson.Default.AuditEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
