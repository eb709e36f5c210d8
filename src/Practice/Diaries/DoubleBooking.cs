using NodaTime;

namespace Practice.Diaries;

/// <summary>Which of some appointments take place while another does: one pass in order of start, as there may be thousands.</summary>
public static class DoubleBooking
{
    /// <summary>Those of some appointments of one diary that share their time with another of them.</summary>
    public static HashSet<Appointment> Of(IEnumerable<Appointment> appointments)
    {
        var found = new HashSet<Appointment>(ReferenceEqualityComparer.Instance);
        (Appointment Appointment, Instant End)? longest = null;
        // what has no length is within another only when that began before
        foreach (var one in appointments.Where(static one => one.TakesTime).OrderBy(one => one.Start.ToInstant()).ThenBy(one => one.End.ToInstant()))
        {
            if (longest is { } other && other.End > one.Start.ToInstant())
            {
                found.Add(one);
                found.Add(other.Appointment);
            }

            if (longest is null || one.End.ToInstant() > longest.Value.End) longest = (one, one.End.ToInstant());
        }

        return found;
    }
}
