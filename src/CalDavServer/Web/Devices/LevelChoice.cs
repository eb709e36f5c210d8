using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Web.Devices;

/// <summary>The choice of a privacy level, each with what it would show of an appointment of the practitioner's own.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Preview">The appointment at each level.</param>
/// <param name="Chosen">The level that is chosen.</param>
/// <param name="Zone">The practice's time zone.</param>
internal sealed record LevelChoice(string Question, HxPreview Preview, PrivacyLevel Chosen, DateTimeZone Zone)
{
    public static async Task<LevelChoice> ReadAsync(string question, PracticeDiaries diaries, Principal practitioner, PracticeGroup practice, PrivacyLevel chosen) =>
        new(question, await diaries.PreviewAsync(practitioner, practice), chosen, practice.Zone());
}
