using CalDavServer.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CalDavServer.Web.Pages;

/// <summary>What a person reads when there is no page, or not for them.</summary>
internal sealed class FailureModel : PageModel
{
    public string Heading { get; private set; } = "";

    public string Sentence { get; private set; } = "";

    public void OnGet(int status) => (Heading, Sentence) = status switch
    {
        StatusCodes.Status400BadRequest => ("That did not work", "The form was open for too long, or sent twice. Go back, load the page again and try once more."),
        StatusCodes.Status403Forbidden => ("You cannot open this page", "Your account does not have access to this page."),
        StatusCodes.Status404NotFound => ("There is no such page", "The address is not right, or what was here is gone."),
        StatusCodes.Status503ServiceUnavailable when HttpContext.Features.Get<StoreRefusal>() is { } refusal => ("That was not done", refusal.Sentence),
        StatusCodes.Status503ServiceUnavailable => ("Too much at once", "Your account is making too many requests at once. Nothing was changed. Wait for what is loading, and try again."),
        _ => ("That did not work", "Nothing was changed. Try again in a moment."),
    };
}
