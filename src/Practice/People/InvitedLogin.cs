using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using Practice.Groups;

namespace Practice.People;

/// <summary>The login of somebody who is invited. It tells nothing about who else uses the server: an e-mail address is none, and one that is made always has a number, whether the name alone is free or not.</summary>
internal static class InvitedLogin
{
    private const int MostLetters = 20;
    private const int Numbers = 1_000_000;

    /// <summary>The login that was chosen, or one that is made of the name.</summary>
    /// <exception cref="PracticeDirectoryException">It is an e-mail address.</exception>
    public static async Task<string> OfAsync(ICalendarStore store, string? chosen, string name)
    {
        if (string.IsNullOrWhiteSpace(chosen)) return await MakeAsync(store, name);
        return chosen.Contains('@', StringComparison.Ordinal)
            ? throw new PracticeDirectoryException("A login cannot be an e-mail address. Leave it empty to have one made, or choose one without an @.")
            : chosen;
    }

    private static async Task<string> MakeAsync(ICalendarStore store, string name)
    {
        var word = WordOf(name);
        using var snapshot = await store.OpenSnapshotAsync();
        while (true)
        {
            var login = string.Create(CultureInfo.InvariantCulture, $"{word}-{RandomNumberGenerator.GetInt32(Numbers):D6}");
            if (await snapshot.FindPrincipalByLoginAsync(login) is null) return login;
        }
    }

    // the first word, in letters that every keyboard has
    private static string WordOf(string name)
    {
        var first = name.Trim().Normalize(NormalizationForm.FormD).ToLowerInvariant().Split(' ')[0];
        string word = new([.. first.Where(char.IsAsciiLetterOrDigit).Take(MostLetters)]);
        return word.Length == 0 ? "person" : word;
    }
}
