using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>Ids of events at Google: 5 to 1024 of the characters 0-9a-v, unique in a calendar for ever. A deleted event keeps its own.</summary>
internal static partial class EventIds
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";
    private const int Length = 26;

    /// <summary>How many events of one appointment are looked through.</summary>
    private const int Generations = 100;

    /// <summary>
    /// The id that an appointment has at Google: the same each time it is asked for, so that an answer that was lost on the way makes no second event.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="generation">How many events of this id were deleted before.</param>
    public static string Of(LinkKey link, string uid, int generation)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{link.LinkId}|{uid}|{generation}"));
        var id = new StringBuilder(Length);
        var (bits, count) = (0, 0);
        foreach (var part in hash)
        {
            bits = (bits << 8) | part;
            count += 8;
            while (count >= 5 && id.Length < Length)
            {
                id.Append(Alphabet[(bits >> (count - 5)) & 31]);
                count -= 5;
            }

            bits &= (1 << count) - 1;
        }

        return id.ToString();
    }

    /// <summary>Whether an id is one that only the link gives an appointment.</summary>
    public static bool AreOurs(LinkKey link, string uid, string id) => Enumerable.Range(0, Generations).Any(generation => Of(link, uid, generation) == id);

    /// <summary>Whether an id is that of a series which Google itself split off another by "this and following": its rules may not be edited, only replaced by another series.</summary>
    public static bool IsSplitOff(string id) => SplitOff().IsMatch(id);

    [GeneratedRegex(@"_R\d{8}(T\d{6})?$")]
    private static partial Regex SplitOff();
}
