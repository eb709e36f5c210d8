using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>
/// What has to be remembered of what Halaxy had, to see what either side changes since: no name of a patient, and no comments. Comments are only ever asked whether they are the same, and names are the diary's to have.
/// </summary>
/// <param name="HalaxyId">What Halaxy calls the appointment.</param>
/// <param name="Start">When it started.</param>
/// <param name="End">When it ended.</param>
public sealed record HalaxyShown(string HalaxyId, Instant Start, Instant End)
{
    /// <summary>The patients, by the numbers that Halaxy gives them; none: it was a personal appointment.</summary>
    public IReadOnlyList<string> PatientIds { get; init => field = value ?? []; } = [];

    /// <summary>The appointment type; null in a personal one.</summary>
    public string? Type { get; init; }

    /// <summary>Where it stood.</summary>
    public AppointmentStatus Status { get; init; }

    /// <summary>The clinic, or null.</summary>
    public string? Location { get; init; }

    /// <summary>A hash of the comments; null when there were none.</summary>
    public string? CommentsHash { get; init; }

    /// <summary>What named its invoice, or null.</summary>
    public string? Invoice { get; init; }

    /// <summary>Whether it did not take place.</summary>
    internal bool IsCancelled => Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected;

    /// <summary>What is remembered of what Halaxy has.</summary>
    public static HalaxyShown Of(MirroredAppointment there)
    {
        ArgumentNullException.ThrowIfNull(there);
        return new HalaxyShown(there.HalaxyId, there.Start, there.End)
        {
            PatientIds = [.. there.Patients.Select(patient => patient.Reference)],
            Type = there.Type,
            Status = there.Status,
            Location = there.Location,
            CommentsHash = HashOf(there.HalaxyId, there.Comments),
            Invoice = there.Invoice,
        };
    }

    /// <summary>What Halaxy has otherwise now. A patient is the same whatever they are called.</summary>
    public MirroredFields DifferencesTo(MirroredAppointment there)
    {
        ArgumentNullException.ThrowIfNull(there);
        var fields = PartsOf(there.Start != Start || there.End != End, there.Comments, there.Status != Status, there.Type, there.Patients);
        if (!MirroredAppointment.AreSame(Location, there.Location)) fields |= MirroredFields.Location;
        if (Invoice != there.Invoice) fields |= MirroredFields.Invoice;
        return fields;
    }

    /// <summary>It with what the diary has of some fields: what Halaxy will have when it has done what it is told.</summary>
    public HalaxyShown With(MirroredCopy here, MirroredFields told)
    {
        ArgumentNullException.ThrowIfNull(here);
        var (times, status) = (told.HasFlag(MirroredFields.Times), told.HasFlag(MirroredFields.Status));
        return this with
        {
            Start = times ? here.Start : Start,
            End = times ? here.End : End,
            CommentsHash = told.HasFlag(MirroredFields.Comments) ? HashOf(HalaxyId, here.Comments) : CommentsHash,
            Status = !status ? Status : here.IsCancelled ? AppointmentStatus.Cancelled : AppointmentStatus.Booked,
        };
    }

    /// <summary>It with what Halaxy was told and has now: that is no change of Halaxy's own.</summary>
    /// <param name="told">What Halaxy was to have.</param>
    /// <param name="there">What it has.</param>
    public HalaxyShown Knowing(HalaxyShown told, MirroredAppointment there)
    {
        ArgumentNullException.ThrowIfNull(told);
        var has = Of(there);
        var isMoved = (has.Start, has.End) == (told.Start, told.End);
        return this with
        {
            Start = isMoved ? has.Start : Start,
            End = isMoved ? has.End : End,
            CommentsHash = has.CommentsHash == told.CommentsHash ? has.CommentsHash : CommentsHash,
            Status = told.IsCancelled != IsCancelled && told.IsCancelled == has.IsCancelled ? has.Status : Status,
        };
    }

    /// <summary>What the diary has otherwise, as <see cref="MirroredCopy.DifferencesTo"/> tells it.</summary>
    public MirroredFields DifferencesTo(MirroredCopy here)
    {
        ArgumentNullException.ThrowIfNull(here);
        return PartsOf(!here.Repeats && (here.Start != Start || here.End != End), here.Comments, here.IsCancelled != IsCancelled, here.Type, here.Patients);
    }

    /// <summary>What the diary has otherwise of what is Halaxy's alone to say, and can be changed here while the diary is not connected.</summary>
    internal MirroredFields HalaxysIn(MirroredCopy here) => here.HalaxysDifferencesTo(Status, Location, Invoice) | (DifferencesTo(here) & MirroredFields.Patients);

    private MirroredFields PartsOf(bool times, string? comments, bool status, string? type, IReadOnlyList<Patient> patients)
    {
        var fields = times ? MirroredFields.Times : MirroredFields.None;
        if (HashOf(HalaxyId, comments) != CommentsHash) fields |= MirroredFields.Comments;
        if (status) fields |= MirroredFields.Status;
        if (type != Type || !patients.Select(patient => patient.Reference).SequenceEqual(PatientIds)) fields |= MirroredFields.Patients;
        return fields;
    }

    private static string? HashOf(string id, string? comments) =>
        MirroredAppointment.Plain(comments) is { Length: > 0 } text ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{id}|{text}")).AsSpan(0, 16)) : null;
}

/// <summary>An appointment as it was stored once.</summary>
/// <param name="Shown">All that Halaxy had.</param>
internal sealed record HalaxyWholeItem(MirroredAppointment Shown);
