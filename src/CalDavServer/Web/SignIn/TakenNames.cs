using CalDavServer.Http;
using NodaTime;
using Practice.Groups;

namespace CalDavServer.Web.SignIn;

/// <summary>
/// Limits how often a person is told that a login that they chose is that of somebody of another practice: logins are unique, so it cannot be kept from them, but nobody finds out by trying who else uses the server.
/// </summary>
internal sealed class TakenNames(IClock clock)
{
    private readonly AttemptLimit _told = new(clock, 5, Duration.FromHours(2));

    /// <summary>Makes a change for a person. One who has been told often is told nothing more for a while, whether the login is somebody's or not.</summary>
    /// <exception cref="PracticeDirectoryException">It cannot be made.</exception>
    public async Task<T> GuardAsync<T>(string personId, Func<Task<T>> change)
    {
        // counted before it is known how it ends: many at once would be told more often
        if (_told.Begin(personId) > 0)
            throw new PracticeDirectoryException("You have tried too many logins that could not be used. Nothing was changed. Leave the login empty to have one made, or try again in two hours.");
        var isTold = false;
        try
        {
            return await change();
        }
        catch (PracticeDirectoryException refused)
        {
            isTold = refused.IsOfAnother;
            throw;
        }
        finally
        {
            if (!isTold) _told.Forgive(personId);
        }
    }
}
