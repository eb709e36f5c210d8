using System.Globalization;
using System.Text;

namespace ProviderBridge.Halaxy;

/// <summary>A practitioner as Halaxy has them.</summary>
/// <param name="Id">Their id there.</param>
/// <param name="Name">Their name; their id where the key may not see it.</param>
/// <param name="Clinics">The clinics where they work.</param>
/// <param name="IsArchived">Whether they are archived at all of them.</param>
public sealed record HalaxyPractitioner(string Id, string Name, IReadOnlyList<string> Clinics, bool IsArchived);

/// <summary>Proposes who is who, by name: a person confirms it.</summary>
public static class HalaxyPractitionerMatching
{
    // what stands before or after a name and names nobody
    private static readonly HashSet<string> Titles = ["DR", "MR", "MRS", "MS", "MISS", "MX", "PROF", "PROFESSOR", "A", "ASSOC", "SIR", "DAME", "PHD", "MD"];

    /// <summary>The practitioners of a Halaxy account, by name.</summary>
    public static IReadOnlyList<HalaxyPractitioner> PractitionersOf(IEnumerable<HalaxyRole> roles) =>
    [
        .. roles.GroupBy(role => role.PractitionerId).Select(own => new HalaxyPractitioner(
            own.Key,
            own.Select(role => role.Practitioner).FirstOrDefault(name => name.Length > 0) ?? own.Key,
            [.. own.Where(role => !role.IsArchived).Select(role => role.Clinic).Where(clinic => clinic.Length > 0).Distinct().Order(StringComparer.CurrentCulture)],
            own.All(role => role.IsArchived))).OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Who in Halaxy has the name of each person here; nobody where none has, or several have.</summary>
    /// <param name="people">The practitioners here, by id, with their names.</param>
    /// <param name="there">The practitioners there.</param>
    public static IReadOnlyList<HalaxyMatch> Propose(IEnumerable<(string Id, string Name)> people, IReadOnlyList<HalaxyPractitioner> there)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(there);
        var found = people.Select(person => (person.Id, Alike: there.Where(one => AreAlike(person.Name, one.Name)).ToList())).Where(one => one.Alike.Count == 1).ToList();
        return [.. found.Where(one => found.Count(other => other.Alike[0].Id == one.Alike[0].Id) == 1).Select(one => new HalaxyMatch(one.Id, one.Alike[0].Id))];
    }

    /// <summary>Whether two names may be one person's: the words of the shorter are among those of the longer, and there are two of them.</summary>
    private static bool AreAlike(string one, string other)
    {
        var (words, others) = (WordsOf(one), WordsOf(other));
        var (shorter, longer) = words.Count <= others.Count ? (words, others) : (others, words);
        return shorter.IsSubsetOf(longer) && (shorter.Count > 1 || shorter.SetEquals(longer)) && shorter.Count > 0;
    }

    // without accents, which are typed in one place and not in the other
    private static HashSet<string> WordsOf(string name)
    {
        var letters = name.Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark).Select(letter => char.IsLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : ' ');
        return [.. string.Concat(letters).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Titles.Contains(word))];
    }
}
