using System.Text;
using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// Additions belong to the level that wrote them (docs/rules.md P6). What was written below the level of the whole is remembered by place,
/// content and level, in the order in which it was written; a level is shown what is remembered for it and for those below it, in that
/// order. So nothing that it reads depends on what is hidden from it: not whether a hidden line says the same, nor where it stands.
/// </summary>
internal static class AdditionLevels
{
    /// <summary>What may be in an event once only (RFC 5545 §3.6.1).</summary>
    private static readonly HashSet<string> Single = new(StringComparer.Ordinal)
    {
        "COLOR", "DESCRIPTION", "GEO", "LOCATION", "ORGANIZER", "PRIORITY", "SUMMARY", "URL",
    };

    /// <summary>Copies to what a level is shown the additions that it may see, rewritten.</summary>
    public static void CopyShown(Component truth, string place, Component shown, PrivacyLevel level, AppointmentDetails details)
    {
        List<ClientAddition> open = [.. details.Additions.Where(addition => addition.Place == place && addition.Level <= level).DistinctBy(addition => addition.Hash)];
        if (open.Count == 0) return;
        var all = Additions.In(truth, details.Kind).DistinctBy(addition => addition.Content).ToDictionary(addition => addition.Hash);
        foreach (var known in open)
        {
            if (!all.TryGetValue(known.Hash, out var addition)) continue;
            if (addition.Line is { } line) shown.Add(Additions.Plain(line));
            else shown.Add(Additions.Plain(addition.Child!));
        }
    }

    /// <summary>
    /// Takes over what a sender added and removed, between what it was shown and what it sent. What it was not shown stays, also where it
    /// says the same.
    /// </summary>
    public static AppointmentDetails Merge(Component truth, string place, Component shown, Component sent, PrivacyLevel level, AppointmentDetails details)
    {
        var before = Additions.In(shown, details.Kind).Select(addition => addition.Content).ToHashSet();
        List<Addition> after = [.. Additions.In(sent, details.Kind).DistinctBy(addition => addition.Content)];
        var removed = before.Except(after.Select(addition => addition.Content)).ToHashSet();
        foreach (var same in Additions.In(truth, details.Kind).Where(addition => removed.Contains(addition.Content)).GroupBy(addition => addition.Content).ToList())
        {
            (details, var gone) = Forget(details, place, same.First().Hash, level);
            if (!gone) continue;
            foreach (var addition in same) addition.RemoveFrom(truth);
        }

        var has = Additions.In(truth, details.Kind).Select(addition => addition.Content).ToHashSet();
        List<ClientAddition> known = [.. details.Additions];
        var marks = known.Where(mark => mark.Place == place).ToLookup(mark => mark.Hash);
        foreach (var addition in after.Where(addition => !before.Contains(addition.Content)))
        {
            var (isThere, hash) = (has.Contains(addition.Content), addition.Hash);
            if (level < details.Level)
            {
                if (isThere && !marks.Contains(hash)) known.Add(new ClientAddition(hash, details.Level) { Place = place });
                if (marks[hash].All(mark => mark.Level != level)) known.Add(new ClientAddition(hash, level) { Place = place });
            }

            if (!isThere) addition.AddTo(truth);
            if (details.Kind == AppointmentKind.Personal && addition.Line is { } line && Single.Contains(line.Name)) Displace(truth, line.Name, after);
        }

        return details with { Additions = known };
    }

    /// <summary>What may be there once only is what was written last, hidden or not.</summary>
    private static void Displace(Component truth, string name, List<Addition> sent)
    {
        foreach (var line in truth.FindAll(name).ToList())
        {
            var content = Additions.Content(line);
            if (!sent.Exists(addition => addition.Content == content)) truth.Remove(line);
        }
    }

    /// <summary>Whether nobody else wrote it, so that it goes when the level takes its own away.</summary>
    private static (AppointmentDetails Details, bool Gone) Forget(AppointmentDetails details, string place, string hash, PrivacyLevel level)
    {
        List<ClientAddition> known = [.. details.Additions.Where(addition => addition.Place == place && addition.Hash == hash)];
        if (level >= details.Level) return (details with { Additions = [.. details.Additions.Except(known)] }, true);
        List<ClientAddition> own = [.. known.Where(addition => addition.Level <= level)];
        return (details with { Additions = [.. details.Additions.Except(own)] }, own.Count > 0 && own.Count == known.Count);
    }

    /// <summary>Remembers all additions of a component as written at a level, but those that are remembered already.</summary>
    public static AppointmentDetails Remember(AppointmentDetails details, string place, IEnumerable<Addition> additions, PrivacyLevel level)
    {
        var known = details.Additions.Where(addition => addition.Place == place && addition.Level <= level).Select(addition => addition.Hash).ToHashSet();
        return details with
        {
            Additions = [.. details.Additions, .. additions.Select(addition => addition.Hash).Where(known.Add).Select(hash => new ClientAddition(hash, level) { Place = place })],
        };
    }

    /// <summary>An occurrence gets a description of its own, made of that of its series.</summary>
    public static AppointmentDetails Inherit(AppointmentDetails details, LocalDateTime key) =>
        Inherit(details, AdditionPlace.Of(key));

    /// <inheritdoc cref="Inherit(AppointmentDetails, LocalDateTime)"/>
    public static AppointmentDetails Inherit(AppointmentDetails details, string place) => details.Additions.Any(addition => addition.Place == AdditionPlace.Series)
        ? details with
        {
            Additions =
            [
                .. details.Additions.Where(addition => addition.Place != place),
                .. details.Additions.Where(addition => addition.Place == AdditionPlace.Series).Select(addition => addition with { Place = place }),
            ],
        }
        : details;

    /// <summary>Forgets what is no longer in the object.</summary>
    public static AppointmentDetails Prune(CalendarObject calendarObject, AppointmentDetails details)
    {
        if (details.Additions.Count == 0) return details;
        details = Placed(calendarObject, details);
        var kept = All(calendarObject, details).Select(one => (one.Place, one.Addition.Hash)).ToHashSet();
        return details with { Additions = [.. details.Additions.Where(addition => kept.Contains((addition.Place!, addition.Hash)))] };
    }

    /// <summary>What was remembered before additions had a place, with the places where it is: what is stored is not rewritten for that.</summary>
    public static AppointmentDetails Placed(CalendarObject calendarObject, AppointmentDetails details)
    {
        if (details.Additions.All(addition => addition.Place is not null)) return details;
        var all = All(calendarObject, details).ToLookup(one => new Addition(Additions.ContentBefore(one.Addition), null, null).Hash);
        return details with
        {
            Additions =
            [
                .. details.Additions.SelectMany(addition => addition.Place is not null
                    ? [addition]
                    : all[addition.Hash].Select(one => addition with { Hash = one.Addition.Hash, Place = one.Place })).Distinct(),
            ],
        };
    }

    private static IEnumerable<(string Place, Addition Addition)> All(CalendarObject calendarObject, AppointmentDetails details)
    {
        foreach (var (place, component) in Additions.Components(calendarObject))
        {
            foreach (var addition in Additions.In(component, details.Kind)) yield return (place, addition);
        }

        foreach (var occurrence in details.Occurrences)
        {
            if (occurrence.Override is not { } text) continue;
            foreach (var component in CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Events())
            {
                foreach (var addition in Additions.In(component, details.Kind)) yield return (AdditionPlace.Of(occurrence.Key), addition);
            }
        }
    }
}
