using CalDavServer.Mail;
using Calendaring.Store;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.SignIn;

/// <summary>Hands an invitation over: by e-mail, or to the administrator, who is shown it once.</summary>
internal sealed class Invitations(PasswordLinks links, MailSender mail)
{
    /// <summary>What <c>TempData</c> has a person's link under.</summary>
    public static string LinkOf(string personId) => $"Link {personId}";

    /// <summary>Sends the link, or gives it to the page that is shown next.</summary>
    public void HandOver(PageModel page, Principal person, string secret)
    {
        var request = page.Request;
        var address = links.AddressOf(person.Id, secret, new Uri($"{request.Scheme}://{request.Host}/"));
        if (person.Email is { } to && mail.Send(Letters.Invitation(to, address), Person.Of(page.HttpContext).Principal.Id))
        {
            page.TempData["Notice"] = $"An invitation is on its way to {to}.";
            return;
        }

        page.TempData["Notice"] = $"{person.DisplayName} is invited.";
        page.TempData[LinkOf(person.Id)] = address.AbsoluteUri;
    }
}
